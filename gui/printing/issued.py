"""What of an issued bulletin goes on paper, and what into pictures for the chat."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from msgspec import structs

from gui.charts import prints
from gui.charts.values import Bar, Ranking
from gui.printing.bulletin import Bulletin as Sheet
from gui.printing.bulletin import Listing, write_pdf
from storage.bulletins import Bulletin, Content, Line, percent
from storage.commands import exports
from storage.ledger import Ledger
from sync.reports import bulletin_fields, bulletin_words, filling, going_out
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
    form = filling.renamed(form, {VILLAGES: TOWNSHIPS}) if parts else arranged(bulletin, form)
    return filling.fill(form, bulletin_fields.rows(bulletin, parts=parts), paper(bulletin))


def arranged(bulletin: Bulletin, form: Form) -> Form:
    """The form with the township before the village at a banner, where names of villages repeat."""
    fields = [column.field for column in form.columns]
    if not bulletin.content.parts or "township" in fields or "place" not in fields:
        return form
    at = fields.index("place")
    columns = (*form.columns[:at], FormColumn(field="township"), *form.columns[at:])
    return structs.replace(form, columns=columns)


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


# ---- files


def write(
    ledger: Ledger, bulletin: Bulletin, form: Form, path: Path, *, townships: bool = False
) -> list[Path]:
    """Write a bulletin by the ending of ``path`` as a table, a PDF or pictures; each file is noted in the log.

    There is nobody in it to be masked. KnownError print.no_font, file.not_written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    match path.suffix.lower():
        case ".pdf":
            write_pdf(sheet(bulletin, form), path)
            files = [path]
        case ".png":
            files = prints.write_png(charts(bulletin), path)
        case _:
            going_out.write(path, table(bulletin, form, parts=townships))
            files = [path]
    content = bulletin.content
    for file in files:
        rows = len(content.parts if townships else content.lines)
        exports.note(ledger, "bulletin", file, rows=rows, masked=True)
    return files


def stem(bulletin: Bulletin) -> str:
    """A file name for a bulletin: 白泥井镇-2026-进度通报-第3期."""
    content = bulletin.content
    what = "更正通报" if content.corrects else "进度通报"
    return going_out.safe_name(f"{content.title}-{content.year}-{what}-第{content.number}期")


# ---- pictures


MOST_BARS = 40
"""Bars in one picture; more would be small print on a telephone."""


def charts(bulletin: Bulletin) -> list[Ranking]:
    """The pictures of a bulletin: a banner's townships first, villages as many to a picture as can be read."""
    found = []
    for whole in rankings(bulletin):
        for first in range(0, max(len(whole), 1), MOST_BARS):
            last = min(first + MOST_BARS, len(whole))
            more = f"（{first + 1}—{last}，共 {len(whole)} 个）" if len(whole) > MOST_BARS else ""
            found.append(_told(bulletin, replace(whole.part(first, last), kind=f"{whole.kind}{more}")))
    return found


def rankings(bulletin: Bulletin) -> list[Ranking]:
    """Who stands where, in bars: a banner's townships before its villages."""
    content = bulletin.content
    parts = sorted(content.parts, key=lambda line: (line.rank is None, line.rank or 0, line.code))
    found = [(TOWNSHIPS, parts)] if parts else []
    return [_ranking(bulletin, kind, lines) for kind, lines in (*found, (VILLAGES, content.ranked))]


def _told(bulletin: Bulletin, chart: Ranking) -> Ranking:
    """A chart that goes out by itself says what a bulletin says: the sums above, how to know the numbers below."""
    notes = tuple(bulletin_words.brief(bulletin))
    title = bulletin_words.title(bulletin.content)
    return replace(
        chart, title=f"{title}　{chart.title}", summary=bulletin_words.summary(bulletin), notes=notes
    )


def _ranking(bulletin: Bulletin, kind: str, lines: Sequence[Line]) -> Ranking:
    content, target = bulletin.content, bulletin.policy.target("everyone")
    goal = None
    if target is not None and target.rate is not None:
        same = (target.denominator or bulletin.policy.default_denominator) == content.denominator
        goal = float(target.rate) if same else None
    before = any(line.before for line in lines)
    return Ranking(
        f"按{kind}排名",
        bulletin.policy.denominator(content.denominator).name,
        kind,
        [_bar(content, line) for line in lines],
        goal,
        f"{'被更正的' if content.corrects else '上'}一期" if before else "",
    )


def _bar(content: Content, line: Line) -> Bar:
    rate, before = line.rate, line.before
    old = percent(before.paid, before.total) if before else None
    return Bar(
        line.code,
        bulletin_words.name(content, line),
        None if rate is None else float(rate) / 100,
        "—" if rate is None else f"{rate}%",
        str(line.rank or ""),
        None if old is None else float(old) / 100,
        f"{line.paid:,} / {'—' if line.total is None else f'{line.total:,}'}",
        bulletin_fields.signed(line.more),
        bulletin_fields.mark(content, line),
    )
