"""What of an issued bulletin goes on paper, and what into pictures for the chat."""

from collections.abc import Sequence

from msgspec.structs import replace

from gui.printing.bulletin import Bulletin as Sheet
from gui.printing.bulletin import Listing
from gui.printing.bulletin_picture import MOST_ROWS, Bar, Chart
from storage.bulletins import Bulletin, Content, Line, percent
from sync.reports import bulletin_fields, bulletin_words, filling
from sync.reports.forms import Form, FormColumn
from sync.reports.paper import Paper

VILLAGES, TOWNSHIPS = "嘎查村（社区）", "苏木镇"


def paper(bulletin: Bulletin) -> Paper:
    """Whose paper a bulletin is."""
    content = bulletin.content
    titles = {line.code: line.title for line in (*content.lines, *content.parts)}
    return Paper(content.title, bulletin.policy, content.on, content.by, content.title, titles)


def table(bulletin: Bulletin, form: Form, *, parts: bool = False) -> filling.Filled:
    """A bulletin's villages, or a banner's townships, in the columns of a form."""
    if parts:
        form = filling.renamed(form, {VILLAGES: TOWNSHIPS})
    elif bulletin.content.parts:  # names of villages repeat within a banner
        form = _with_township(form)
    return filling.fill(form, bulletin_fields.rows(bulletin, parts=parts), paper(bulletin))


def _with_township(form: Form) -> Form:
    """The form with the township before the village, unless it has it."""
    fields = [column.field for column in form.columns]
    if "township" in fields or "place" not in fields:
        return form
    at = fields.index("place")
    columns = (*form.columns[:at], FormColumn(field="township"), *form.columns[at:])
    return replace(form, columns=columns)


def sheet(bulletin: Bulletin, form: Form) -> Sheet:
    """A bulletin as it is printed: a banner's townships before its villages."""
    listings = []
    content = bulletin.content
    if content.parts:
        listings.append(_listing(table(bulletin, form, parts=True), TOWNSHIPS))
    listings.append(_listing(table(bulletin, form), VILLAGES if content.parts else ""))
    notes = bulletin_words.notes(bulletin)
    return Sheet(
        bulletin_words.title(content), bulletin_words.summary(bulletin), tuple(listings), tuple(notes)
    )


def _listing(filled: filling.Filled, heading: str) -> Listing:
    """A table for paper: a column in which nothing stands (before there was an issue) is left out."""
    marks = set(bulletin_fields.MARKS.values()) - {""}
    marked = frozenset(number for number, row in enumerate(filled.rows) if marks & set(map(str, row)))
    lines = [*filled.rows, *([filled.sums] if filled.sums else [])]
    said = [at for at in range(len(filled.columns)) if any(line[at] not in (None, "") for line in lines)]
    return Listing(
        heading,
        tuple(filled.columns[at] for at in said),
        [[row[at] for at in said] for row in filled.rows],
        [filled.sums[at] for at in said] if filled.sums else None,
        marked,
    )


# ---- pictures


def charts(bulletin: Bulletin) -> list[Chart]:
    """The pictures of a bulletin: a banner's townships first, villages as many to a picture as can be read."""
    content = bulletin.content
    parts = sorted(content.parts, key=lambda line: (line.rank is None, line.rank or 0, line.code))
    found = [(f"按{TOWNSHIPS}", parts)] if parts else []
    lines = content.ranked
    for first in range(0, max(len(lines), 1), MOST_ROWS):
        some = lines[first : first + MOST_ROWS]
        more = f"（{first + 1}—{first + len(some)}，共 {len(lines)} 个）" if len(lines) > MOST_ROWS else ""
        found.append((f"按{VILLAGES}排名{more}", some))
    return [_chart(bulletin, heading, some) for heading, some in found]


def _chart(bulletin: Bulletin, heading: str, lines: Sequence[Line]) -> Chart:
    content, target = bulletin.content, bulletin.policy.target("everyone")
    denominator = bulletin.policy.denominator(content.denominator).name
    goal = None
    if target is not None and target.rate is not None:
        same = (target.denominator or bulletin.policy.default_denominator) == content.denominator
        goal = float(target.rate) if same else None
    legend = [f"横条为参保率（{denominator}），满格为 100%"]
    legend += [f"虚线为目标 {goal:.0%}"] if goal is not None else []
    before = any(line.before for line in lines)
    legend += [f"▲ 为{'被更正的' if content.corrects else '上'}一期"] if before else []
    return Chart(
        bulletin_words.title(content).replace("（", "\n（"),
        bulletin_words.summary(bulletin),
        heading,
        [_bar(content, line) for line in lines],
        goal,
        "；".join(legend) + "。",
        tuple(bulletin_words.brief(bulletin)),
    )


def _bar(content: Content, line: Line) -> Bar:
    rate, before = line.rate, line.before
    old = percent(before.paid, before.total) if before else None
    return Bar(
        str(line.rank or ""),
        bulletin_words.name(content, line),
        None if rate is None else float(rate) / 100,
        None if old is None else float(old) / 100,
        f"{line.paid} / {'—' if line.total is None else line.total}",
        "—" if rate is None else f"{rate}%",
        ""
        if line.more is None
        else f"较{'原' if content.corrects else '上'}期 {bulletin_fields.signed(line.more)}",
        bulletin_fields.mark(content, line),
    )
