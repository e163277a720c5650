"""The board as a chart in a file."""

from contextlib import closing

from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.lists import ending, with_qt
from gui.verbs.session import Session, policy_of
from storage.commands import exports


def chart(session: Session) -> int:
    """Draw the villages by rate, day by day, or the special groups; counts of places alone."""
    options = session.options
    ending(options.out, (".pdf", ".png"))
    running = with_qt()
    # They paint, so they need what with_qt has made sure of.
    from gui.charts import prints
    from gui.models import board, board_charts
    from storage.queries import earlier

    with closing(session.open()) as ledger:
        policy = policy_of(ledger)
        base = options.denominator or board.first_choice(policy)
        read = board.read(ledger, policy, base)
        before = earlier.of_issue(ledger, policy, base, session.today)
        drawn = board_charts.read(ledger, policy, base)
        shown = board_charts.chart(
            options.which, policy, read, drawn, before, ledger.profile.scope, session.today
        )
        if options.out.suffix.lower() == ".pdf":
            pages = prints.write_pdf(shown, options.out)
        else:
            pages = len(prints.write_png([shown], options.out))
        exports.note(ledger, f"table:{shown.title}", options.out, rows=0, masked=True)
    del running
    table = shown.table()
    data = {
        "title": shown.title,
        "file": options.out.name,
        "pages": pages,
        "columns": list(table.columns),
        "rows": [list(row) for row in table.rows],
    }
    session.give(data, [_("Written: {file}").format(file=options.out.name)])
    return DONE
