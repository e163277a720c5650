"""What the office above gets, and what came here in numbers alone."""

from contextlib import closing
from dataclasses import asdict

from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.session import Session
from gui.wording import stated as words
from storage.known import KnownRate
from storage.policy import rates
from storage.queries import statements
from storage.queries.statements import Received
from sync import upward as disclosures


def upward(session: Session) -> int:
    """Tell what the office above gets, or choose it for every file from now on."""
    with closing(session.open()) as ledger:
        if session.options.disclosure:
            disclosures.choose(ledger, session.options.disclosure)
        chosen = disclosures.chosen(ledger)
    line = _("The office above gets: {what}").format(what=words.disclosures()[chosen])
    session.give({"disclosure": chosen}, [line])
    return DONE


def received(session: Session) -> int:
    """List what townships told in numbers alone, the newest of each first, and which of it counts."""
    with closing(session.open()) as ledger:
        denominator = session.policy(ledger).default_denominator
        found = statements.received(ledger)
        live = {one.record for one in statements.live(ledger).values()}
    data = [{**_told(one, denominator), "counts": one.record in live} for one in found]
    lines = [words.heading(one) for one in found if one.record in live]
    session.give({"statements": data}, lines or [_("No township sent numbers alone.")])
    return DONE


def _told(one: Received, denominator: str) -> dict[str, object]:
    said = one.statement
    places = [
        {
            "scope": place.code,
            "name": place.title,
            "people": place.known.people,
            **_rate(place.known.rate_of(denominator)),
            "figures": asdict(statements.figures(place.figures, denominator)),
        }
        for place in (said.whole, *said.places)
    ]
    return {
        "scope": said.unit,
        "name": said.title,
        "on": said.on,
        "file": said.file,
        "sent": one.at,
        "replaced": one.replaced,
        "policy": said.policy,
        "policy_version": said.policy_version,
        "explained": list(said.explained),
        "denominator": denominator,
        "total": places[0],
        "villages": places[1:],
    }


def _rate(found: KnownRate | None) -> dict[str, object]:
    if found is None:
        return {"reached": None, "should": None, "rate": None}
    total = found.inside - found.excluded
    share = rates.rate(found.reached, total)
    return {
        "reached": found.reached,
        "should": total,
        "rate": None if share is None else float(rates.percent(share)),
    }
