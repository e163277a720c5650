"""Forms the offices ask for: listed, written as xlsx or csv, kept with columns of one's own."""

from contextlib import closing
from datetime import datetime
from typing import Any

from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.session import Session, WrongUse, refusal
from storage.ledger import Ledger
from storage.policy.model import Policy
from sync.reports.filling import Wanted
from sync.reports.forms import Form
from sync.reports.ids import OPEN
from sync.reports.strict import Held

LAST = "last"


def out(session: Session) -> int:
    """Write a form, list all of them, keep one with other columns, or take such a one away."""
    options = session.options
    with closing(session.open()) as ledger:
        if options.list:
            return _listed(session, ledger)
        return _removed(session, ledger) if options.remove else _written(session, ledger)


def _listed(session: Session, ledger: Ledger) -> int:
    from sync.reports import forms

    have = forms.forms_for(ledger)
    data: dict[str, Any] = {
        "forms": [
            {
                "code": form.code,
                "title": form.title,
                "office": form.office,
                "about": form.about,
                "own": form.own,
                "columns": [spec.title for spec in form.specs()],
            }
            for form in have
        ],
        "broken": [refusal(error) for error in forms.broken(ledger)],
    }
    session.give(data, [f"{form.code}\t{form.title}\t{form.office}\t{form.about}" for form in have])
    return DONE


def _removed(session: Session, ledger: Ledger) -> int:
    from sync.reports import forms

    form = forms.find(ledger, session.options.remove)
    forms.drop(ledger, form.code)
    session.give({"removed": form.code}, [_("Removed: {form}").format(form=form.title)])
    return DONE


def _written(session: Session, ledger: Ledger) -> int:
    """Write the form named, with the columns and numbers asked for; with --save-as keep it so."""
    from sync.reports import forms, going_out

    options, policy = session.options, session.policy(ledger)
    if options.out is not None and options.out.suffix.lower() not in going_out.ENDINGS:
        raise WrongUse("use.ending", path=options.out, choices=going_out.ENDINGS)
    form = _chosen(session, ledger)
    if options.save_as:
        form = forms.keep(ledger, form, options.save_as)
        if options.out is None:
            session.give({"kept": form.code}, [_("Kept as “{form}”.").format(form=form.title)])
            return DONE
    if options.out is None:
        raise WrongUse("use.out")
    wish = _wish(session, ledger, form, policy)
    written = going_out.export(ledger, form, wish, options.out, full=options.full, why=options.why)
    if not written.rows:
        session.tell(_("Nobody matches; the list is empty."))
    data = {
        "file": written.path,
        "form": written.form,
        "title": form.title,
        "rows": written.rows,
        "masked": written.masked,
        "villages": list(wish.titles),
        "columns": [spec.title for spec in form.specs()],
    }
    lines = [_("{file}: {count} rows").format(file=written.path, count=written.rows)]
    if form.strict:
        data |= {"all": written.rows + len(written.held), "held": [_held(one) for one in written.held]}
        lines += [_("{count} people held back:").format(count=len(written.held))] if written.held else []
        lines += [
            _("  {village}, {name} ({number}): {why}").format(
                village=one.row.village, name=one.row.person.name, number=one.number, why=one.sentence
            )
            for one in written.held
        ]
    session.give(data, lines)
    return DONE


def _held(one: Held) -> dict[str, Any]:
    """Somebody a strict form held back, their number masked."""
    return {
        "village": one.row.village,
        "village_code": one.row.person.scope,
        "name": one.row.person.name,
        "id_number": one.number,
        "reasons": [reason.code for reason in one.reasons],
        "sentence": one.sentence,
    }


def _chosen(session: Session, ledger: Ledger) -> Form:
    from sync.reports import forms

    options = session.options
    if options.template is not None:
        form = forms.parse(_text(options.template), options.template.name)
    elif options.form:
        form = forms.find(ledger, options.form)
    else:
        raise WrongUse("use.form")
    if options.columns:
        form = forms.with_columns(form, _split(options.columns))
    if options.id_format:
        if options.id_format in OPEN and not options.full:
            raise WrongUse("use.full", option=options.id_format)
        form = forms.with_id_format(form, options.id_format)
    return form


def _text(path: Any) -> str:
    from storage.errors import KnownError

    try:
        return str(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError("file.unreadable", file=path.name) from error


def _split(columns: list[str]) -> list[str]:
    """Columns as typed: one option each, or several in one with commas of either kind between them."""
    parts = (part.strip() for text in columns for part in text.replace("，", ",").split(","))
    return [part for part in parts if part]


def _wish(session: Session, ledger: Ledger, form: Form, policy: Policy) -> Wanted:
    """The villages, and since when corrections count: all, since a day, or since the form last went out."""
    from sync.reports import filling, going_out

    options = session.options
    since = None
    if options.since == LAST:
        return going_out.since_last(
            ledger, form, filling.wanted(ledger, policy, session.today, options.village)
        )
    if options.since:
        day = session.date(options.since)
        since = datetime(day.year, day.month, day.day).astimezone()
    return filling.wanted(ledger, policy, session.today, options.village, since)
