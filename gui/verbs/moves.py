"""Who counts where, at the office: moving people between villages, deciding claims, and what came too late."""

from contextlib import closing
from dataclasses import dataclass

from gui import wording
from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.session import Session, WrongUse, policy_of
from storage import persons
from storage.commands import moves
from storage.commands.moves import Decision
from storage.errors import KnownError
from storage.ledger import Changes, Ledger
from storage.policy import mask
from storage.queries import counting, find, housing, people, villages
from storage.queries.people import Person


@dataclass(frozen=True, slots=True)
class Meant:
    """A person in the village they were looked for in."""

    scope: str
    record: str
    name: str
    id_number: str


def move(session: Session) -> int:
    """Let a person count in another village, or decide which of the villages that claim them counts them."""
    options = session.options
    with closing(session.open()) as ledger:
        policy = policy_of(ledger)
        person = _who_moves(session, ledger)
        household = _household(ledger, options.to, options.household) if options.household else ""
        decision = Decision(
            options.to, session.date(options.date), options.reason, household, options.relation
        )
        changes = moves.bring(ledger, policy, person.scope, person.record, decision, today=session.today)
        title = villages.title_of(ledger, options.to)
    told = _("{who} counts in {village} from now on; both villages hear of it with their next file.")
    return _tell(session, person, changes, told.format(who=person.name, village=title))


def move_back(session: Session) -> int:
    """Let a person count again where they came from."""
    with closing(session.open()) as ledger:
        policy = policy_of(ledger)
        person = meant(session, ledger)
        on = session.date(session.options.date)
        changes = moves.undo(
            ledger,
            policy,
            person.scope,
            person.record,
            on=on,
            today=session.today,
            why=session.options.reason,
        )
    return _tell(
        session, person, changes, _("{who} counts again where they came from.").format(who=person.name)
    )


def carry(session: Session) -> int:
    """Bring over, or leave, what a village wrote about somebody after they had left."""
    with closing(session.open()) as ledger:
        policy = policy_of(ledger)
        person = meant(session, ledger, gone=True)
        answer = moves.leave if session.options.leave else moves.carry_over
        changes = answer(ledger, policy, person.scope, person.record)
    told = _("{who}: left as it is") if session.options.leave else _("{who}: carried over")
    return _tell(session, person, changes, told.format(who=person.name))


def listed(session: Session) -> int:
    """List what waits for the office's decision about who counts where."""
    with closing(session.open()) as ledger:
        policy = policy_of(ledger)
        titles = villages.titles(ledger)
        late = counting.late(ledger)
        questions = [_question(ledger, titles, policy.year, late, one) for one in counting.questions(ledger)]
    lines = [
        " · ".join(filter(None, (one["village"], one["name"], one["id"], one["sentence"])))
        for one in questions
    ]
    session.give({"questions": questions}, lines or [_("Nothing waits: everybody counts in one village.")])
    return DONE


def _question(
    ledger: Ledger,
    titles: dict[str, str],
    year: int,
    late: dict[tuple[str, str], list[counting.LateEntry]],
    one: counting.Question,
) -> dict[str, str]:
    person = next(
        (row for row in people.load(ledger, year, residents=[one.record]) if row.scope == one.scope), None
    )
    entries = late.get((one.scope, one.record), [])
    words = [
        wording.doubt_text(one.code),
        *sorted({wording.names.register(e.kind, e.register) for e in entries}),
    ]
    return {
        "code": one.code,
        "scope": one.scope,
        "village": titles.get(one.scope, one.scope),
        "name": person.name if person else "",
        "id": mask.id_number(person.id_number) if person else "",
        "counted_in": person.counted_in if person else "",
        "sentence": _("; ").join(word for word in words if word),
    }


# ---- who is meant


def meant(session: Session, ledger: Ledger, *, gone: bool = False) -> Meant:
    """The one person the options name, by ID number or by name and village; ``gone``: who counts elsewhere.

    WrongUse use.who_where; KnownError find.nobody, find.several, find.nobody_named.
    """
    found = _found(session, ledger)
    scope = session.options.village
    if scope:
        found = [one for one in found if one.scope == scope]
    chosen = [one for one in found if bool(one.counted_in) is gone] or found
    return _one(session, ledger, chosen)


def _who_moves(session: Session, ledger: Ledger) -> Meant:
    """The person, in the village that counts them; of several that claim them in any but the one they go to."""
    found = [
        one
        for one in _found(session, ledger)
        if not session.options.village or one.scope == session.options.village
    ]
    here = [one for one in found if not one.counted_in] or found
    return _one(session, ledger, [one for one in here if one.scope != session.options.to] or here)


def _found(session: Session, ledger: Ledger) -> list[Person]:
    options = session.options
    if bool(options.id_number) == bool(options.name) or (options.name and not options.village):
        raise WrongUse("use.who_where")
    year = policy_of(ledger).year
    if options.name:
        return [
            one
            for one in people.load(ledger, year, scope=options.village)
            if one.name == options.name.strip()
        ]
    records = {(hit.scope, hit.record) for hit in find.by_id_number(ledger, options.id_number)}
    loaded = people.load(ledger, year, residents=sorted({record for _scope, record in records}))
    return [one for one in loaded if (one.scope, one.record) in records]


def _one(session: Session, ledger: Ledger, found: list[Person]) -> Meant:
    options = session.options
    if not found and options.name:
        raise KnownError("find.nobody_named", name=options.name, code=options.village)
    shown = mask.id_number(options.id_number) if options.id_number else options.name
    if not found:
        raise KnownError("find.nobody", number=shown)
    first = found[0]
    same = persons.everywhere(ledger.connection, first.scope, first.record)
    if any(one.record not in same.get(one.scope, ()) for one in found):
        raise KnownError("find.several", number=shown, count=len(found))
    return Meant(first.scope, first.person, first.name, first.id_number)


def _household(ledger: Ledger, scope: str, text: str) -> str:
    """The record of a village's household by number, or else by its head."""
    everyone = housing.households(ledger, scope)
    found = [one for one in everyone if one.number == text.strip()]
    found = found or [one for one in everyone if one.head_name == text.strip()]
    if not found:
        raise KnownError("find.no_household", text=text)
    if len(found) > 1:
        raise KnownError("find.several_households", text=text, count=len(found))
    return found[0].record


def _tell(session: Session, person: Meant, changes: Changes, told: str) -> int:
    data = {
        "name": person.name,
        "id": wording.id_number(person.id_number),
        "from": person.scope,
        "changed": len(changes.oids),
    }
    session.give(data, [told])
    return DONE
