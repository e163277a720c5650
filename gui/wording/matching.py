"""Lists that come in, in words: what becomes of a row, why somebody is meant, what is doubtful, what changes."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from gui.errors import codes, sentence_for
from gui.i18n import _
from gui.wording import names
from gui.wording.doubts import doubt_text
from gui.wording.history import field_text
from gui.wording.units import id_number, listed, money, sentences
from storage.policy.model import Policy
from sync.intake.results import Candidate, FieldChange, Reason, Row

Verdict = Literal["same", "near", "differs"]

VERDICTS: Mapping[str, tuple[str, Verdict]] = {
    **dict.fromkeys(("same_id", "former_id"), ("id_number", "same")),
    **dict.fromkeys(("id_repaired", "completes_id", "id_part"), ("id_number", "near")),
    **dict.fromkeys(("id_differs", "id_unlike"), ("id_number", "differs")),
    **dict.fromkeys(("same_name", "former_name"), ("name", "same")),
    **dict.fromkeys(
        (
            "dots", "traditional", "homophone", "near_homophone", "lookalike_name", "reversed", "one_char_lost",
            "one_char", "swapped", "part_of_name", "hidden_char",
        ),
        ("name", "near"),
    ),
    "name_differs": ("name", "differs"),
    "same_birth": ("birth", "same"),
    "near_birth": ("birth", "near"),
    "birth_differs": ("birth", "differs"),
    "same_sex": ("sex", "same"),
    "sex_differs": ("sex", "differs"),
    **dict.fromkeys(("same_village", "same_group"), ("village", "same")),
    "other_village": ("village", "differs"),
    "same_head": ("head_name", "same"),
}  # fmt: skip
"""Reason → the field it speaks of, and whether the two agree there, nearly, or not."""


def status_text(status: str) -> str:
    """What becomes of a row, or what a count counts."""
    return {
        "rows": _("rows"),
        "added": _("newly added"),
        "changed": _("changed"),
        "known": _("known already"),
        "review": _("to be checked"),
        "unmatched": _("nobody here"),
        "broken": _("unreadable"),
        "doubtful": _("with a doubt"),
        "skipped": _("left out"),
    }.get(status, status)


def verdicts(candidate: Candidate) -> dict[str, Verdict]:
    """Field → whether row and candidate agree there; what nothing is known of is left out."""
    found: dict[str, Verdict] = {}
    for reason in candidate.why:
        field, verdict = VERDICTS.get(reason.code, ("", "same"))
        if field and _worse(verdict, found.get(field)):
            found[field] = verdict
    return found


def _worse(verdict: Verdict, than: Verdict | None) -> bool:
    order = ("same", "near", "differs")
    return than is None or order.index(verdict) > order.index(than)


def is_against(reason: Reason) -> bool:
    """Whether a reason speaks against somebody being meant."""
    return reason.code in _UNSURE or (reason.code in VERDICTS and VERDICTS[reason.code][1] == "differs")


_UNSURE = frozenset(("twice", "taken", "rival", "name_only", "common_name", "duplicate_row"))


def why_text(row: Row, candidate: Candidate) -> str:
    """Why a row is taken to mean somebody, in one line."""
    return sentences([reason_text(reason, row, candidate) for reason in candidate.why])


def reason_text(reason: Reason, row: Row, candidate: Candidate) -> str:
    """One reason; names that are nearly the same stand side by side."""
    code, params = reason.code, reason.params
    if code == "id_repaired":
        return _repaired(params)
    template = _reasons().get(code)
    if template is None:
        return doubt(reason)
    said, ours = row.name or "?", candidate.name or "?"
    return template.format_map(_Shown({**params, "said": said, "ours": ours}))


class _Shown(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def _reasons() -> dict[str, str]:
    return {
        "same_id": _("same ID number"),
        "former_id": _("an ID number this person had before"),
        "completes_id": _("the ID number here is unsound, the list has the sound one"),
        "id_part": _("the part of the ID number that is there agrees"),
        "same_name": _("same name"),
        "former_name": _("a name this person had before"),
        "homophone": _("names sound the same: {said}/{ours}"),
        "near_homophone": _("names sound nearly the same: {said}/{ours}"),
        "lookalike_name": _("characters that look alike: {said}/{ours}"),
        "traditional": _("another form of the characters: {said}/{ours}"),
        "dots": _("the dot in the name is missing or foreign: {said}/{ours}"),
        "reversed": _("name written the other way round: {said}/{ours}"),
        "swapped": _("two characters of the name are swapped: {said}/{ours}"),
        "one_char": _("one character of the name differs: {said}/{ours}"),
        "one_char_lost": _("a character of the name is missing: {said}/{ours}"),
        "hidden_char": _("characters of the name are hidden: {said}/{ours}"),
        "part_of_name": _("only a part of the name: {said}/{ours}"),
        "same_birth": _("same birth date"),
        "near_birth": _("birth date nearly the same"),
        "same_village": _("same village"),
        "same_group": _("same village group"),
        "same_sex": _("same sex"),
        "same_phone": _("same phone"),
        "same_head": _("same head of household"),
        "same_guardian": _("the guardian lives in this household"),
        "learned": _("somebody said so before"),
        "learned_nobody": _("somebody said before that nobody here is meant"),
        "only_one_left": _("the only one left who fits"),
        "name_differs": _("another name: {said}/{ours}"),
        "id_differs": _("another ID number"),
        "id_unlike": _("the ID numbers have nothing in common"),
        "birth_differs": _("another birth date"),
        "sex_differs": _("another sex"),
        "other_village": _("another village"),
        "taken": _("another row fits this person better"),
        "twice": _("several rows of the list mean this person"),
        "rival": _("another person fits about as well"),
        "name_only": _("only the name agrees, which is not enough"),
        "common_name": _("several people here have this name"),
        "duplicate_row": _("the row repeats an earlier one"),
    }


def _repaired(params: Mapping[str, Any]) -> str:
    """How a damaged number was read (storage.policy.id_repair), with the places counted from 1."""
    how, at = str(params.get("how", "")), params.get("at")
    if isinstance(at, int) and at > 0 and how == "transposed":
        return _("ID number: characters {first} and {second} are swapped").format(first=at, second=at + 1)
    if isinstance(at, int) and at > 0 and how == "wrong_digit":
        return _("ID number: character {place} is wrong").format(place=at)
    return _repairs().get(how) or _("ID number put right")


def _repairs() -> dict[str, str]:
    return {
        **dict.fromkeys(
            ("", "fullwidth", "spaces", "quotes", "lower_x"), _("same ID number, written otherwise")
        ),
        "lookalike": _("ID number: letters stand for digits"),
        "inside": _("ID number with other words around it"),
        "fifteen": _("ID number of 15 digits made whole"),
        "disability20": _("ID number out of the disability certificate number"),
        "missing_check": _("ID number: the last character is missing"),
        "wrong_check": _("ID number: the last character is wrong"),
        "transposed": _("ID number: two neighbouring digits are swapped"),
        "wrong_digit": _("ID number: one digit is wrong"),
        "missing_digit": _("ID number: a digit is missing"),
        "extra_digit": _("ID number: a digit too many"),
        "truncated": _("ID number: its end was lost in a spreadsheet"),
        "birth": _("ID number: its birth date is wrong, the list gives the right one"),
        "other_list": _("ID number: another list has the right one"),
    }


# ---- doubts

_DETAIL = re.compile(r"\s*[:：(（]\s*\{")
"""Where a sentence begins to say of whom or what."""


def doubts_text(doubts: Iterable[Reason]) -> str:
    """What is doubtful about a row, in one line."""
    return sentences([doubt(one) for one in doubts])


def doubt(reason: Reason) -> str:
    """One doubt of a row."""
    if reason.code == "id_repaired":
        return _repaired(reason.params)
    template = _doubts().get(reason.code) or _reasons().get(reason.code)
    if template is not None:
        if not reason.params:  # the log keeps codes only
            template = _DETAIL.split(template)[0]
        return template.format_map(_Shown({name: _shown(name, it) for name, it in reason.params.items()}))
    if reason.code in codes():
        return sentence_for(reason.code, reason.params)
    return doubt_text(reason.code.removeprefix("id."))


def _shown(name: str, value: object) -> object:
    if name == "scheme":
        return scheme(str(value))
    if name in ("said", "listed") and isinstance(value, int):
        return money(value)
    return value


def scheme(code: str) -> str:
    """An insurance as the platform numbers it (domain.md: insutype)."""
    return {
        "310": _("employee insurance"),
        "390": _("residents' insurance"),
        "392": _("serious illness insurance"),
        "410": _("long-term care insurance"),
        "pension": _("pension insurance"),
        "employee": _("employee insurance"),
        "resident": _("residents' insurance"),
    }.get(code, code)


def scheme_state(code: str) -> str:
    """How somebody stands in an insurance, as the platform numbers it (domain.md: psn_insu_stas)."""
    return {
        "0": _("not insured"),
        "1": _("insured"),
        "2": _("paused"),
        "3": _("ended"),
        "4": _("ended"),
    }.get(code, code)


def _doubts() -> dict[str, str]:
    return {
        "unmapped_word": _("nobody has said yet what “{word}” means"),
        "other_year": _("for another insurance year ({year})"),
        "amount_unreadable": _("the amount cannot be read"),
        "date_unreadable": _("the date cannot be read"),
        "count_unreadable": _("the number of people cannot be read"),
        "scheme_unknown": _("which insurance is meant cannot be told"),
        "no_village": _("which village is meant cannot be told"),
        "not_special": _("“{word}” is no reason for a subsidy"),
        "group_unknown": _("the policy has no group “{group}”"),
        "other_levy": _("not about medical insurance: {word}"),
        "refunded": _("a refund, not a payment: {amount}"),
        "not_reported": _("paid, but the village has not reported it"),
        "amount_differs": _("another amount: reported {said}, on the list {listed}"),
        "paid_twice": _("paid twice"),
        "reported_elsewhere": _("reported as paid in another village"),
        "already_elsewhere": _("insured elsewhere already: {scheme}"),
        "to_be_insured": _("is to be insured here again"),
        "says_insured": _("the list says insured, nothing of it is known here"),
        "says_not_insured": _("the list says not insured, a payment is known here"),
        "row_contradicts": _("another row of the list says otherwise"),
        "cancelled": _("the list says it is cancelled"),
        "no_guardian": _("the list names neither mother nor father"),
        "guardian_unknown": _("mother or father is not in the register: {name}"),
        "guardian_unsure": _("which mother or father is meant is not sure"),
        "child_of": _("child of {name}"),
        "no_person": _("neither name nor ID number"),
    }


def warning_text(warning: Reason) -> str:
    """What makes a list suspicious though it can be taken over."""
    template = {
        "list.short": _(
            "Suspiciously short: {rows} people are on this list, {before} were on the ones before. "
            "A part of it may be missing; ask before you remove anybody."
        ),
    }.get(warning.code)
    return template.format_map(_Shown(warning.params)) if template else doubt(warning)


def skipped_text(why: str) -> str:
    """Why a row is nobody's."""
    return {
        "blank": _("empty row"),
        "header": _("column titles again"),
        "column_numbers": _("numbers of the columns"),
        "section": _("a heading"),
        "total": _("a total"),
        "signature": _("a line for signatures"),
        "note": _("a note"),
        "no_person": _("neither name nor ID number"),
        "other_levy": _("not about medical insurance"),
        "other_village": _("about another village"),
    }.get(why, why)


# ---- changes


def change_text(policy: Policy, change: FieldChange, *, masked: bool = True) -> str:
    """What one field says now and would say: 联系电话 139****0001 → 139****0002."""
    title = names.field(change.field)
    new = _value(policy, change.field, change.new, masked)
    if change.old in (None, ""):
        return _("{title}: {new}").format(title=title, new=new)
    old = _value(policy, change.field, change.old, masked)
    return _("{title}: {old} → {new}").format(title=title, old=old, new=new)


def _value(policy: Policy, field: str, value: Any, masked: bool) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field == "scheme" and value:
        return scheme(str(value))
    if field == "scheme_state" and value:
        return scheme_state(str(value))
    if field == "grant_source" and value:
        return names.department(str(value))
    if isinstance(value, list | tuple):
        return listed([str(one) for one in value])
    return field_text(policy, field, value, masked=masked)


_LINKS = frozenset(
    (
        "resident",
        "household",
        "year",
        "source",
        "via",
        "code",
        "covered_by",
        "school_list",
        "list_name",
        "counted_by",
    )
)
_FIRST = (
    "group_code",
    "absence",
    "amount",
    "paid_on",
    "scheme",
    "scheme_state",
    "school",
    "name",
    "id_number",
)
_LAST = ("grant_source",)


def changes_text(policy: Policy, changes: Iterable[FieldChange], *, masked: bool = True) -> str:
    """All that would change, one line a field; links between records say nothing to people."""
    return "\n".join(change_lines(policy, changes, masked=masked))


def change_lines(policy: Policy, changes: Iterable[FieldChange], *, masked: bool = True) -> list[str]:
    """The same, line by line, what matters most first."""
    told = sorted((change for change in changes if change.field not in _LINKS), key=_weight)
    return [change_text(policy, change, masked=masked) for change in told]


def _weight(change: FieldChange) -> int:
    if change.field in _FIRST:
        return _FIRST.index(change.field)
    return len(_FIRST) + (change.field in _LAST)


# ---- people


def home_words(candidate: Candidate, titles: Mapping[str, str] | None = None) -> str:
    """Where a candidate lives: the village, and the head of the household; ``titles`` names villages by code."""
    village = candidate.village or (titles or {}).get(candidate.scope, "")
    head = _("head {name}").format(name=candidate.head_name) if candidate.head_name else ""
    return " ".join(part for part in (village, head) if part)


def person_words(candidate: Candidate, *, masked: bool = True) -> str:
    """A candidate in a line."""
    number = id_number(candidate.id_number, masked=masked)
    return " ".join(part for part in (candidate.name, number, home_words(candidate)) if part)


def kept_text(why: str) -> str:
    """Why an entry of a list stays when the list is taken back."""
    return {
        "changed_since": _("it was changed since"),
        "used_since": _("something else rests on it"),
    }.get(why, why)
