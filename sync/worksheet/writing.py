"""The file of a working sheet: every text a text, grey where nothing is to be filled in, words to choose from.

Nothing is locked: a locked sheet cannot be sorted, filtered or added to. What must not be typed over says so instead.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sync.reports.xlsx import part_beside, sheet_name
from sync.worksheet.columns import KEY, Column

_FONT = "宋体"
_CHOICES, _NAME = "选项", "huqing_worksheet"
_HEAD = 3  # rows above the first person: title, what to know, headings
_ROOM = 200  # rows below the last person that take new people
_GREY, _WHITE, _FILL = "#F1F3F4", "#FFFFFF", "#E3F0E8"
_NO_XML = dict.fromkeys((*range(0xD800, 0xE000), 0xFFFE, 0xFFFF), "\ufffd")
_A4 = 9


def write(
    path: Path,
    title: str,
    lines: str,
    code: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    choices: Mapping[str, Sequence[str]],
) -> None:
    """Write the sheet; ``rows`` are texts by column, ``choices`` the words a column offers, ``code`` names the sheet.

    The file appears whole or not at all. Raises KnownError file.not_written, file.open_elsewhere.
    """
    import xlsxwriter  # only when something is written
    from xlsxwriter.exceptions import XlsxWriterException

    trouble = (XlsxWriterException, UnicodeDecodeError)
    with (
        part_beside(path, trouble) as part,
        TemporaryDirectory(dir=path.parent, prefix=".", ignore_cleanup_errors=True) as beside,
    ):
        book = xlsxwriter.Workbook(str(part), {"tmpdir": beside, "strings_to_formulas": False})
        try:
            _Page(book, title, columns, choices).fill(title, lines, rows)
            book.define_name(_NAME, f'="{code}"')
        except BaseException:
            with suppress(OSError, ValueError, XlsxWriterException):
                book.close()
            raise
        book.close()


class _Page:
    """The one sheet people see, and the hidden one with the words to choose from."""

    def __init__(
        self, book: Any, title: str, columns: Sequence[Column], choices: Mapping[str, Sequence[str]]
    ) -> None:
        self.sheet = book.add_worksheet(sheet_name(title))
        self.columns = columns
        self.choices = choices
        base = {"font_name": _FONT, "font_size": 11, "valign": "vcenter", "num_format": "@"}
        cell = base | {"border": 1, "border_color": "#B8BFC3"}
        head = cell | {"bold": True, "align": "center", "text_wrap": True}
        self.title = book.add_format(base | {"bold": True, "font_size": 16})
        self.room = book.add_format(base)
        self.line = book.add_format(base | {"font_color": "#5A6468"})
        self.heads = {fill: book.add_format(head | {"bg_color": _FILL if fill else "#DDE2E4"})
                      for fill in (True, False)}  # fmt: skip
        self.texts = {fill: book.add_format(cell | {"bg_color": _WHITE if fill else _GREY, "quote_prefix": True})
                      for fill in (True, False)}  # fmt: skip
        self.money = {fill: book.add_format(cell | {"bg_color": _WHITE if fill else _GREY, "num_format": "0.00"})
                      for fill in (True, False)}  # fmt: skip
        self.blanks = {fill: book.add_format(cell | {"bg_color": _WHITE if fill else _GREY})
                       for fill in (True, False)}  # fmt: skip
        self.words = self._words(book)

    def _words(self, book: Any) -> dict[str, str]:
        """Write the words to choose from on a hidden sheet; returns the range of each column."""
        offered = [column for column in self.columns if column.fill and self.choices.get(column.key)]
        if not offered:
            return {}
        hidden = book.add_worksheet(_CHOICES)
        hidden.hide()
        for at, column in enumerate(offered):
            for line, word in enumerate(self.choices[column.key]):
                hidden.write_string(line, at, word)
        letters = [chr(65 + at) for at in range(len(offered))]
        return {
            column.key: f"={_CHOICES}!${letter}$1:${letter}${len(self.choices[column.key])}"
            for column, letter in zip(offered, letters, strict=True)
        }

    def fill(self, title: str, lines: str, rows: Sequence[Sequence[str]]) -> None:
        """Everything from the title down."""
        sheet, last = self.sheet, max(len(self.columns) - 1, 0)
        for at, column in enumerate(self.columns):
            sheet.set_column(at, at, column.width * 2 + 1)
        sheet.set_row(0, 28)
        sheet.set_row(2, 34)
        sheet.write_string(0, 0, title.translate(_NO_XML), self.title)
        sheet.write_string(1, 0, lines.translate(_NO_XML), self.line)
        for at, column in enumerate(self.columns):
            sheet.write_string(2, at, column.title, self.heads[column.fill])
        for number, row in enumerate(rows, _HEAD):
            for at, (column, text) in enumerate(zip(self.columns, row, strict=True)):
                self._cell(number, at, column, text)
        self._rules(_HEAD + len(rows))
        sheet.autofilter(2, 0, max(_HEAD + len(rows) - 1, 3), last)
        self._paper()

    def _cell(self, number: int, at: int, column: Column, text: str) -> None:
        if column.kind == "money":
            form = self.money[column.fill]
            if text:
                self.sheet.write_number(number, at, float(text), form)
            else:
                self.sheet.write_blank(number, at, None, form)
        elif text:
            self.sheet.write_string(number, at, text.translate(_NO_XML), self.texts[column.fill])
        else:
            self.sheet.write_blank(number, at, None, self.blanks[column.fill])

    def _rules(self, end: int) -> None:
        """Words to choose from; headings and row codes say that they are to stay. Text also where new people go."""
        sheet = self.sheet
        stay = {"validate": "custom", "value": "=FALSE", "error_type": "stop", "ignore_blank": False,
                "error_title": "请勿修改", "error_message": "表头和行码用来认回每一行，请不要修改。"}  # fmt: skip
        sheet.data_validation(2, 0, 2, len(self.columns) - 1, stay)
        for at, column in enumerate(self.columns):
            if column.key == KEY and end > _HEAD:
                sheet.data_validation(_HEAD, at, end - 1, at, stay)
            if column.key in self.words:
                rule = {"validate": "list", "source": self.words[column.key], "error_type": "warning",
                        "error_title": "不在选项里", "error_message": "可以写别的说法，收回时会逐格核对。"}  # fmt: skip
                sheet.data_validation(_HEAD, at, end + _ROOM - 1, at, rule)
        for number in range(end, end + _ROOM):
            for at, column in enumerate(self.columns):
                if column.kind in ("id", "phone", "text", "date", "name", "group"):
                    sheet.write_blank(number, at, None, self.room)

    def _paper(self) -> None:
        sheet = self.sheet
        names = [column.key for column in self.columns]
        sheet.freeze_panes(_HEAD, names.index("name") + 1 if "name" in names else 1)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2, 2)
        sheet.set_footer("&C第 &P 页 共 &N 页")
