"""An office writes a policy in the form: cloned, put right, looked through, given to its villages."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from msgspec import Struct
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QWidget,
)

from gui.actions import drafts as actions
from gui.models.drafting import SECTIONS, UNTYPED
from gui.pages.settings.drafting import DraftingSection
from gui.pages.settings.drafting_blocks import EntriesCard, OptionalCard
from gui.pages.settings.drafting_fields import CiteEdit
from gui.pages.settings.drafting_form import REVIEW, DraftForm
from gui.pages.settings.page import DRAFTING, PUBLISHING
from gui.pages.settings.publishing import PublishingSection
from gui.widgets.fields import FormField
from gui.wording import policy_fields
from storage import drafts, policies
from storage.policy import model
from storage.policy.model import Policy
from storage.policy.schema import get, shapes
from tests.gui import office
from tests.gui.conftest import Hand
from tests.gui.village import PASSPHRASE
from tests.unit.storage.worlds import cheapen


@pytest.fixture(scope="session")
def made_office(tmp_path_factory: pytest.TempPathFactory) -> office.Township:
    """A closed office to copy."""
    with pytest.MonkeyPatch.context() as patch:
        cheapen(patch)
        return office.make(tmp_path_factory.mktemp("drafting"), office.PLACES[:2])


@pytest.fixture
def at(start: Callable[..., Hand], made_office: office.Township, tmp_path: Path) -> Hand:
    """The window on a copy of it."""
    shutil.copytree(made_office.folder, tmp_path / "ledger")
    hand = start(ledger=tmp_path / "ledger", passphrase=PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.settle()
    return hand


def part(hand: Hand) -> DraftingSection:
    found = hand.open("settings", DRAFTING).parts[DRAFTING]
    assert isinstance(found, DraftingSection)
    return found


@pytest.fixture
def form(at: Hand) -> DraftForm:
    """The draft of next year, open."""
    section = part(at)
    at.key("C")
    assert section.is_open()
    return section.form


def field(form: DraftForm, path: str) -> QWidget:
    """The editor of a path, its section shown."""
    form.go_to(path)
    found = form._shown.field_at(path)
    assert found is not None, path
    return found


def words_at(editor: QWidget) -> str:
    """What stands below an editor: what is wrong, else what stood there."""
    holder = editor.parentWidget()
    assert isinstance(holder, FormField)
    return holder.error() or holder._hint.text()


def stored(hand: Hand, name: str) -> drafts.Draft:
    found: list[drafts.Draft] = []
    hand.desk.ask(actions.read(name), found.append, owner=hand.shell)
    hand.settle()
    return found[0]


def test_the_form_has_every_field_once() -> None:
    named = [name for names in SECTIONS.values() for name in names]
    assert len(named) == len(set(named))
    assert set(named) | UNTYPED == set(shapes(Policy))


def test_every_part_can_be_opened_and_holds_what_the_draft_says(at: Hand, form: DraftForm) -> None:
    assert form.writing is not None
    before = form.writing.raw
    for name in (*SECTIONS, REVIEW):
        form.show_section(name)
        at.settle()
        assert form._shown.first() is not None
        for card in form._shown.findChildren(EntriesCard):
            for line in range(len(card.rows.rows)):
                card.table.selectRow(line)
                at.settle()
    assert form.writing.raw == before, "looking changes nothing"


def test_a_year_is_cloned_put_right_and_given(at: Hand, form: DraftForm) -> None:
    assert form.writing is not None
    name = form.writing.id
    premium = field(form, "personal_fen")
    at.settle()
    assert at.focus() is premium
    assert isinstance(premium, QLineEdit)
    premium.selectAll()
    at.type("430")
    at.key("Tab")
    assert words_at(premium) == "现行：400 元"
    assert stored(at, name).raw["personal_fen"] == 43000, "kept at once"
    day = field(form, "window.end")
    at.settle()
    assert isinstance(day, QLineEdit)
    day.selectAll()
    at.type("2027-1-20")
    at.key("Tab")
    assert stored(at, name).raw["window"]["end"] == date(2027, 1, 20)
    at.click(form.give)
    publishing = at.page.parts[PUBLISHING]
    assert isinstance(publishing, PublishingSection)
    told = publishing.asking.words.text()
    assert "430" in told
    assert "待核对" in told
    at.click(publishing.asking.go)
    assert "发布" in at.notice() or "现行" in at.notice() or name in at.desk.policy.id
    assert at.desk.policy.id == name
    assert (at.desk.policy.personal_fen, at.desk.policy.version) == (43000, 1)
    assert part(at).rows.rows == []


def test_what_is_wrong_is_said_beside_its_field_and_stops_giving(at: Hand, form: DraftForm) -> None:
    assert form.writing is not None
    before = form.writing.raw
    for path, typed, told in (
        ("personal_fen", "四百", "这里应当是整数"),
        ("year", "1999", "应在 2000 到 2100 之间"),
        ("title", "", "没有填写"),
        ("window.end", "下雪", "这里应当是日期，如 2026-12-31"),
        ("waiting.late_months", "三", "这里应当是整数"),
        ("groups.dibao.share", "五成", "比例应在 0 到 1 之间"),
        ("groups.dibao.name", "", "没有填写"),
        ("newborn.days", "0", "应在 1 到 366 之间"),
    ):
        editor = field(form, path)
        at.settle()
        assert isinstance(editor, QLineEdit)
        editor.selectAll()
        at.key("Delete")
        at.type(typed)
        form.tabs.setFocus()
        at.settle()
        assert words_at(editor) == told, path
        assert not form.give.isEnabled()
        form._put(path, get(before, path))
    assert form.give.isEnabled()


def test_what_contradicts_itself_is_said_where_it_is(at: Hand, form: DraftForm) -> None:
    day = field(form, "window.end")
    at.settle()
    assert isinstance(day, QLineEdit)
    day.selectAll()
    at.type("2020-01-01")
    at.key("Tab")
    assert "✕" in "".join(piece.text for piece in form._tab("basics")[0])
    form.show_section(REVIEW)
    at.settle()
    wrong = form._shown.wrong
    assert wrong.current_row().place == "集中征缴期"
    wrong.setFocus()
    at.key("Return")
    assert form._section == "basics"
    assert form._shown.isAncestorOf(at.focus())


def test_an_entry_comes_and_goes(at: Hand, form: DraftForm) -> None:
    assert form.writing is not None
    count = len(form.writing.raw["groups"])
    table = field(form, "groups")
    card = table
    while not isinstance(card, EntriesCard):
        card = card.parentWidget()
    at.settle()
    at.click(card.new)
    assert len(form.writing.raw["groups"]) == count + 1
    at.settle()
    at.type("遭灾家庭")
    at.key("Tab")
    made = form.writing.raw["groups"][-1]
    assert (made["name"], made["code"]) == ("遭灾家庭", "own_1")
    assert "遭灾家庭" in card.rows.columns[0].text(card.table.current_row())
    assert form.writing.faults == [], "who says nothing of the subsidy says that the documents do not say"
    at.click(card.up)
    assert form.writing.raw["groups"][-2]["name"] == "遭灾家庭"
    at.click(card.gone)
    assert "own_1" not in [one["code"] for one in form.writing.raw["groups"]]
    assert len(form.writing.raw["groups"]) == count


def test_a_part_the_documents_leave_out(at: Hand, form: DraftForm) -> None:
    assert form.writing is not None
    before = form.writing.raw["yellow_cards"]
    box = field(form, "yellow_cards")
    optional = box
    while not isinstance(optional, OptionalCard):
        optional = optional.parentWidget()
    at.settle()
    assert at.focus() is optional.has
    at.key("Space")
    at.settle()
    assert "yellow_cards" not in form.writing.raw
    shown = next(one for one in form._shown.findChildren(OptionalCard) if one._path == "yellow_cards")
    assert not shown.has.isChecked()
    shown.has.setFocus()
    at.key("Space")
    assert form.writing.raw["yellow_cards"] == {**before, "cite": get(form.writing.base, "yellow_cards.cite")}


def test_a_difference_is_taken_back(at: Hand, form: DraftForm) -> None:
    assert form.writing is not None
    form._put("personal_fen", 1)
    form._put("groups.dibao", None)
    form.show_section(REVIEW)
    at.settle()
    review = form._shown
    for where in ("personal_fen", "groups.dibao"):
        assert review.changed.select(where)
        at.click(review.back)
        assert not form.writing.is_changed(where)
    assert form.writing.of("groups.dibao") is not None


def test_sources_are_looked_up_one_by_one_or_together(at: Hand, form: DraftForm) -> None:
    assert form.writing is not None
    waiting = len(form.writing.unchecked)
    assert waiting > 10
    cite = field(form, "waiting.cite")
    at.settle()
    assert isinstance(cite, CiteEdit)
    at.click(cite.mark)
    assert len(form.writing.unchecked) == waiting - 1
    assert "待核对" not in cite.note.text()
    form.show_section(REVIEW)
    at.settle()
    at.click(form._shown.all_right)
    assert form.writing.unchecked == []
    assert get(form.writing.raw, "groups.tekun.cite") == get(form.writing.base, "groups.tekun.cite")


def test_choosing_with_the_keyboard(at: Hand, form: DraftForm) -> None:
    assert form.writing is not None
    mode = field(form, "groups.tekun.mode")
    at.settle()
    assert isinstance(mode, QComboBox)
    at.key("Down")
    assert get(form.writing.raw, "groups.tekun.mode") == mode.currentData() != "advance"


def test_escape_leads_out_step_by_step(at: Hand, form: DraftForm) -> None:
    section = part(at)
    field(form, "personal_fen")
    at.settle()
    at.key("Escape")
    assert at.focus() is form.tabs
    assert section.is_open()
    at.key("Escape")
    assert not section.is_open()
    assert [one.title for one in section.rows.rows] == [form.writing.title]
    at.key("Return")
    assert section.is_open()


def test_a_wrong_year_is_said_at_the_year(at: Hand) -> None:
    section = part(at)
    for text, told in (("今年", "四位"), ("1998", "2000")):
        section.year.setText(text)
        at.click(section.clone)
        assert told in section.year_field.error()
    assert not section.is_open()


def test_throwing_a_draft_away_is_asked_twice(at: Hand, form: DraftForm) -> None:
    section = part(at)
    section.back()
    section.back()
    at.settle()
    at.click(section.discard)
    assert len(section.rows.rows) == 1
    at.click(section.discard)
    assert section.rows.rows == []


def test_out_as_a_file_and_back_in(
    at: Hand, form: DraftForm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert form.writing is not None
    path = tmp_path / "稿.toml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    at.click(form.export)
    policy, _whole = policies.whole(path.read_text("utf-8"), path.name)
    assert policy.id == form.writing.id
    section = part(at)
    section._close()
    at.settle()
    section.take_file(path)
    at.settle()
    assert "已有一份草稿" in section.trouble.text()
    path.write_text("= =", "utf-8")
    section.take_file(path)
    at.settle()
    assert "第 1 行" in section.trouble.text()


def test_every_control_has_a_name(at: Hand, form: DraftForm) -> None:
    for section in (*SECTIONS, REVIEW):
        form.show_section(section)
        at.settle()
        for kind in (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QTableView):
            for control in form.findChildren(kind):
                if control.isVisible() and not isinstance(control.parent(), QComboBox):
                    assert control.accessibleName() or getattr(control, "text", str)(), (section, control)


@pytest.mark.parametrize("size", [(911, 512), (1366, 768)])
def test_it_fits_a_small_laptop(at: Hand, form: DraftForm, size: tuple[int, int]) -> None:
    at.app.window.resize(*size)
    for section in (*SECTIONS, REVIEW):
        form.show_section(section)
        at.settle()
        assert (at.app.window.width(), at.app.window.height()) == size, section
        for button in form.findChildren(QAbstractButton):
            if button.isVisible():
                assert button.width() >= button.sizeHint().width() - 2, (section, button.accessibleName())
        inner = form._scroller.widget()
        assert inner.minimumSizeHint().width() <= form._scroller.viewport().width(), section


def test_a_village_has_no_such_part(hand: Hand) -> None:
    assert DRAFTING not in hand.open("settings").parts


def test_every_field_and_fault_has_words() -> None:
    """Whatever the model comes to hold, no code is shown where a word belongs."""
    known = policy_fields.labelled()
    structs = [
        one
        for one in vars(model).values()
        if isinstance(one, type)
        and issubclass(one, Struct)
        and one is not Struct
        and not one.__name__.startswith("_")
    ]
    assert len(structs) > 15
    lacking = [
        (one.__name__, name)
        for one in structs
        for name in shapes(one)
        if name not in known.get(one.__name__, ())
    ]
    assert lacking == []
    for one in structs:
        for name, shape in shapes(one).items():
            for code in shape.choices:
                assert policy_fields.choice(one, name, code) != code, (one.__name__, name, code)
