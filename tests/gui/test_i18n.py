"""Catalogues agree with the code and with what is compiled; Chinese is whole and the default."""

import gettext
import io
import re
import subprocess
import sys

import pytest

from gui import i18n
from tests.gui import catalogues


@pytest.fixture(autouse=True)
def speak_chinese_after():
    yield
    i18n.install()


def entries(content: bytes) -> dict[str, str]:
    catalogue = gettext.GNUTranslations(io.BytesIO(content))._catalog
    return {key: value for key, value in catalogue.items() if key}


def test_every_message_in_the_code_is_translated_to_chinese():
    known = catalogues.translated("zh_CN")
    assert {message: files for message, files in catalogues.used().items() if message not in known} == {}


def test_no_message_says_two_things():
    assert {m: t for m, t in catalogues.translated("zh_CN").items() if len(t) > 1} == {}


def test_translations_fill_the_same_blanks():
    blanks = re.compile(r"\{\w*[^}]*\}|%\(\w+\)\w")
    wrong = [
        message
        for message, texts in catalogues.translated("zh_CN").items()
        for text in texts
        if set(blanks.findall(message)) != set(blanks.findall(text))
    ]
    assert wrong == []


@pytest.mark.parametrize("source", catalogues.sources(), ids=lambda path: path.name)
def test_compiled_catalogues_say_what_their_sources_say(source):
    compiled = source.with_suffix(".mo")
    assert compiled.exists(), "run: python tests/gui/catalogues.py"
    assert entries(compiled.read_bytes()) == entries(catalogues.compiled(source))


def test_no_compiled_catalogue_is_left_without_its_source():
    found = {path.with_suffix(".po") for path in catalogues.LOCALE.rglob("*.mo")}
    assert found == set(catalogues.sources())


def test_chinese_is_spoken_where_nobody_chose():
    speech = i18n.Speech()
    assert speech("Undo") == "撤销"
    assert speech.language == "zh_CN"


def test_all_rooms_are_chained():
    i18n.install("zh_CN")
    assert (i18n._("Undo"), i18n._("Print preview")) == ("撤销", "打印预览")


def test_english_is_the_message_itself():
    i18n.install("en")
    assert i18n._("Undo") == "Undo"


def test_unknown_and_empty_messages_stay_as_they_are():
    i18n.install("zh_CN")
    assert i18n._("Never written") == "Never written"
    assert i18n._("") == ""


def test_speaking_needs_no_qt():
    code = "import sys; from gui.i18n import _; print(_('Undo'), any(n.startswith('PySide6') for n in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        cwd=catalogues.ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.split() == ["撤销", "False"]


def test_messages_built_at_run_time_are_refused(tmp_path):
    (tmp_path / "page.py").write_text("from gui.i18n import _\n_('a' + name)\n", "utf-8")
    with pytest.raises(ValueError, match="plain text"):
        catalogues.used(tmp_path)


def test_qt_speaks_chinese_too(qapp):
    from PySide6.QtWidgets import QDialogButtonBox

    assert i18n.install_qt(qapp)
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == "取消"
    assert not i18n.install_qt(qapp, "tlh")
