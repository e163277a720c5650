"""The words of a policy: what its parts and fields are called, what their values mean, what can be wrong with one."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from msgspec import Struct

from gui.i18n import _
from gui.wording.units import listed, money
from storage.policy.drafting import Difference
from storage.policy.model import Policy
from storage.policy.schema import Shape, described, get, leaves, shapes

Words = Mapping[str, str]


def label(model: type[Struct], field: str) -> str:
    """What a field is called; one nobody named is shown by its code."""
    return _fields().get(model.__name__, {}).get(field) or _common().get(field) or field


def labelled() -> Mapping[str, frozenset[str]]:
    """Which fields of which struct have a name of their own, for whoever checks that all have."""
    common = frozenset(_common())
    return {model: frozenset(words) | common for model, words in _fields().items()}


def choice(model: type[Struct], field: str, value: str) -> str:
    """What one of the values of a field means."""
    words = _choices()
    return words.get(f"{model.__name__}.{field}", words.get(field, {})).get(value, value)


def place(where: str, raw: Mapping[str, Any] | None = None) -> str:
    """A path in words: 资助类别“低保” › 比例; entries are named as in ``raw`` where that is at hand."""
    model: type[Struct] = Policy
    parts, said, walked = where.split(".") if where else [], [], ""
    while parts:
        name = parts.pop(0)
        walked = f"{walked}.{name}".lstrip(".")
        shape = shapes(model).get(name)
        words = label(model, name)
        if shape is not None and shape.holds == "entries" and parts:
            walked += f".{parts[0]}"
            words = _("{list} “{entry}”").format(
                list=words, entry=entry_name(get(raw or {}, walked), parts.pop(0))
            )
        said.append(words)
        if shape is None or shape.model is None:
            break
        model = shape.model
    return " › ".join(said) or _("the file")


def entry_name(entry: object, code: str) -> str:
    """What an entry of a list is called: its name or document, else its code."""
    found = (entry.get("name") or entry.get("document")) if isinstance(entry, Mapping) else None
    return str(found or code)


def value(shape: Shape, model: type[Struct], held: Any, raw: Mapping[str, Any]) -> str:
    """A value in words; codes of lists by the names these have in ``raw``."""
    if held is None or held == "" or held == []:
        return _("nothing said")
    if shape.holds == "flag":
        return _("yes") if held is True else _("no")
    if shape.holds == "money" and isinstance(held, int):
        return money(held)
    if shape.holds == "share":
        return share(held)
    if shape.holds == "choice":
        return choice(model, shape.name, str(held))
    if shape.holds == "code" and shape.refers:
        return entry_name(get(raw, f"{shape.refers}.{held}"), str(held))
    if shape.holds == "codes":
        return listed([code_name(shape, model, str(one), raw) for one in held])
    if shape.holds == "texts":
        return listed([str(one) for one in held])
    if shape.holds in ("table", "entries"):
        return whole(shape, held, raw)
    return held.isoformat() if isinstance(held, date) else str(held)


def code_name(shape: Shape, model: type[Struct], code: str, raw: Mapping[str, Any]) -> str:
    """What a code in a list of codes stands for: an entry of the list it refers to, or a field beside it."""
    return entry_name(get(raw, f"{shape.refers}.{code}"), code) if shape.refers else label(model, code)


def whole(shape: Shape, held: Any, raw: Mapping[str, Any]) -> str:
    """All that a table or an entry says, in one line."""
    model = shape.model
    if model is None or not isinstance(held, Mapping):
        entries = [one if isinstance(one, Mapping) else get(raw, f"{shape.name}.{one}") for one in held]
        return listed([entry_name(one, str(code)) for one, code in zip(entries, held, strict=True)])
    if model.__name__ == "Cite":
        return cite(held, raw)
    return listed(
        [
            _("{field} {value}").format(field=label(model, name), value=value(inner, model, held[name], raw))
            for name, inner in shapes(model).items()
            if held.get(name) not in (None, "", [], ())
            and name not in ("code", "key")
            and held[name] != inner.default
        ]
    )


def change(one: Difference, base: Mapping[str, Any], raw: Mapping[str, Any]) -> tuple[str, str, str]:
    """A difference in words: where, what stood there, what stands there."""
    model, shape = described(one.where)
    named = place(one.where, raw if get(raw, one.where) is not None else base)
    return named, value(shape, model, one.old, base), value(shape, model, one.new, raw)


def said(raw: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Everything a policy says: path, where in words, value in words."""
    found = []
    for path, held in leaves(raw):
        if held in ("", []):
            continue
        model, shape = described(path)
        found.append((path, place(path, raw), value(shape, model, held, raw)))
    return found


def cite(held: Mapping[str, Any], raw: Mapping[str, Any]) -> str:
    """A cite in words: the document, the paragraph, the remark."""
    source = str(held.get("source") or "")
    named = entry_name(get(raw, f"sources.{source}"), source) if source else ""
    return _("; ").join(
        part for part in (" ".join((named, str(held.get("at") or ""))).strip(), held.get("note")) if part
    )


def share(held: Any) -> str:
    """A share of one as a percentage."""
    try:
        found = Decimal(str(held)) * 100
    except InvalidOperation:
        return str(held)
    return f"{found.normalize():f}%" if found.is_finite() else str(held)


def fault(why: str, params: Mapping[str, object]) -> str:
    """What is wrong with a value, and what is right."""
    words = _faults().get(why, why)
    filled = {name: _filled(item) for name, item in params.items()}
    if why == "out_of_range" and not params.get("most"):
        words = _("it must be at least {least}")
    return words.format_map(_Known(filled))


def faults_known() -> frozenset[str]:
    """Every code of a fault that has words."""
    return frozenset(_faults())


class _Known(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


def _filled(item: object) -> str:
    return _("/").join(map(str, item)) if isinstance(item, tuple | list) else str(item)


def _faults() -> Words:
    return {
        "missing": _("it is missing"),
        "empty": _("it must not be empty"),
        "unknown_field": _("there is no such field; check its spelling"),
        "not_a_table": _("a group of fields belongs here"),
        "not_a_list": _("a list belongs here"),
        "not_a_text": _("a text belongs here"),
        "not_a_number": _("a whole number belongs here"),
        "not_a_flag": _("yes or no belongs here (true or false)"),
        "not_a_day": _("a day belongs here, such as 2026-12-31"),
        "not_a_share": _("a share lies between 0 and 1"),
        "not_one_of": _("it must be one of: {choices}"),
        "out_of_range": _("it must lie between {least} and {most}"),
        "bad_code": _("“{text}” cannot stand here"),
        "no_toml": _("line {line} is not written as a policy file is"),
        "unreadable": _("the file cannot be read, or is not in UTF-8"),
        "not_the_file_name": _("it differs from the file's name"),
        "unknown_include": _("the included file does not exist"),
        "ends_before_it_starts": _("it ends before it starts"),
        "outside_benefit_period": _("the window lies outside the benefit period"),
        "other_year": _("it does not lie in the insurance year"),
        "outside_year": _("it lies outside the year this policy is for"),
        "code_twice": _("a code stands twice"),
        "reserved_code": _("this code is taken by the program"),
        "counts_nobody": _(
            "it counts nobody: choose kinds of residence, or that it is a number from outside"
        ),
        "pays_nothing": _("the subsidy is nothing; say “no subsidy” instead"),
        "more_than_cap": _("the fixed amount is more than its most"),
        "cap_without_subsidy": _("a most is set, but no subsidy"),
        "nothing_to_reach": _("a target needs a rate or a day"),
        "no_special_group": _("there is a target for special groups, but no group counts as one"),
        "half_a_floor": _("the least wait needs both: from how many lapsed years, and how many months"),
        "easier_after_start": _("it is easier after the benefit period has begun than before"),
        "unknown_code": _("a code is not defined"),
        "bad_link": _("the link must begin with https://, weixin:// or alipays:// and have no blanks"),
        "share_or_amount": _("exactly one of share and amount is needed"),
        "more_than_premium": _("it is more than the premium"),
        "no_source": _("the source is missing"),
        "unknown_source": _("the source is not listed"),
        "backups_outlive": _("backups would be kept longer than the people in them"),
        "not_newer": _("a policy of this name is known already; a changed one needs a higher version"),
    }


def _common() -> Words:
    """Names of fields that mean the same in every part."""
    return {
        "code": _("code"),
        "cite": _("Basis"),
        "name": _("What it is called"),
        "evidence": _("Papers needed"),
        "assumed": _("Set without a local rule at hand"),
    }


def _fields() -> Mapping[str, Words]:
    return {
        "Policy": {
            "id": _("Policy code"),
            "version": _("Version"),
            "year": _("Insurance year"),
            "place": _("Where it holds"),
            "title": _("Title"),
            "example": _("Only an example, in force nowhere"),
            "divisions": _("Division codes it is meant for"),
            "sources": _("Documents"),
            "window": _("Collection window"),
            "benefit": _("Benefit period"),
            "personal_fen": _("Premium of a person"),
            "personal_cite": _("Basis of the premium"),
            "groups": _("Subsidy groups"),
            "highest_only": _("Of several identities only the highest counts"),
            "highest_only_cite": _("Basis of several identities"),
            "waiting": _("Waiting period rules"),
            "newborn": _("Enrolling newborns"),
            "family_binding": _("Family account of the e-credential"),
            "yellow_cards": _("Yellow cards"),
            "retention": _("How long data are kept"),
            "finance": _("Public money for each person"),
            "refunds": _("Giving premiums back"),
            "incentive": _("What continuous insurance earns"),
            "doubles": _("Being insured twice"),
            "reasons": _("Reasons for not being insured here"),
            "explained_cite": _("Basis of the reasons"),
            "assistance_reasons": _("Why somebody cannot pay alone"),
            "channels": _("Ways of paying"),
            "lag_cite": _("Basis of the posting times"),
            "self_payment": _("Paying by oneself on a telephone"),
            "residences": _("Kinds of residence"),
            "denominators": _("Denominators of rates"),
            "default_denominator": _("Denominator used first"),
            "targets": _("Targets"),
        },
        "Source": {
            "key": _("code"),
            "document": _("Document"),
            "issued": _("Issued on"),
            "grade": _("How far it can be relied on"),
        },
        "Cite": {"source": _("Document"), "at": _("Paragraph"), "note": _("Remark on the basis")},
        "Window": {"start": _("First day"), "end": _("Last day")},
        "Period": {"start": _("First day"), "end": _("Last day")},
        "Group": {
            "department": _("Department that confirms it"),
            "department_cite": _("Basis of the department"),
            "special": _("Counts as a special group"),
            "rank": _("Rank among equal subsidies (lower first)"),
            "mode": _("How it is paid"),
            "share": _("Share of the premium"),
            "subsidised_fen": _("Fixed amount"),
            "cap_fen": _("At most"),
        },
        "AbsenceReason": {"explained": _("Counts as explained"), "nature": _("What kind of reason")},
        "Choice": {},
        "Channel": {"lag_days": _("Days until posted")},
        "SelfPayment": {
            "channel": _("Way of paying it belongs to"),
            "link": _("Link in the square code (printed on slips and reminders)"),
            "steps": _("How to get there without the code"),
        },
        "Denominator": {
            "residences": _("Whom it counts"),
            "explained_out": _("Without those whose reason is explained"),
            "count_only": _("Only a number from outside"),
        },
        "Target": {
            "applies_to": _("Whom it is for"),
            "rate": _("Rate to reach"),
            "deadline": _("By when"),
            "denominator": _("Of which denominator"),
        },
        "WaitingRules": {
            "late_months": _("Months to wait after the window"),
            "extra_months_per_lapsed_year": _("More months for each lapsed year"),
            "first_lapsed_year_adds": _("The first lapsed year adds months too"),
            "months_removed_per_repaid_year": _("Fewer months for each year paid in arrears"),
            "floor_from_lapsed_years": _("Lapsed years from which there is a least wait"),
            "floor_months": _("That least wait in months"),
            "lapsed_payer_in_window_waits": _("A lapsed person who pays inside the window waits too"),
            "exempt_groups": _("Groups that never wait"),
            "exempt_job_gap_months": _("Months since employee insurance ended within which nobody waits"),
            "exempt_moved_gap_months": _("Months since insurance elsewhere ended within which nobody waits"),
            "starts": _("From when the wait is counted"),
        },
        "Newborn": {
            "days": _("Days after birth to enrol"),
            "crossing": _("Born in the autumn"),
        },
        "Incentive": {
            "from_year": _("From which continuous year"),
            "per_year_fen": _("More each year"),
            "zero_claim_fen": _("More for a year without a claim"),
            "cap_share": _("Together at most, of the ceiling"),
            "counts_from": _("Insurance year from which it is counted"),
        },
        "RefundRule": {
            "before": _("Before the benefit period"),
            "after": _("After it has begun"),
            "ends": _("That insurance has to be ended"),
            "absences": _("Reasons for not being insured that lead to it"),
        },
        "Refunds": {
            "rules": _("Reasons for a refund"),
            "return_free": _("Coming back from employee insurance costs nothing again"),
            "return_cite": _("Basis of coming back"),
            "other_cite": _("Rules for all other cases"),
        },
        "FamilyBinding": {"under_age": _("Below how many years of age")},
        "YellowCards": {
            "count": _("How many villages get one"),
            "issuer": _("Who issues it"),
            "level": _("Over which area villages are ranked"),
        },
        "Finance": {"per_head_fen": _("A person and year")},
        "Doubles": {
            "employee_months": _("Months of employee insurance that make it the kept one"),
            "aided_cite": _("Basis of giving up a subsidised insurance"),
            "removal_cite": _("Basis of ending the other one"),
        },
        "Retention": {
            "identity_years": _("People: years after the last entry"),
            "identity_cite": _("Basis for people"),
            "backup_days": _("Backups: days"),
            "backup_cite": _("Basis for backups"),
            "export_days": _("Export log: days"),
            "export_cite": _("Basis for the export log"),
        },
    }  # fmt: skip


def _choices() -> Mapping[str, Words]:
    return {
        "mode": {
            "advance": _("the office pays it at once"),
            "refund": _("pay first, get it back later"),
            "none": _("no subsidy"),
            "unknown": _("the documents do not say"),
        },
        "nature": {
            "elsewhere": _("insured or cared for elsewhere"),
            "departed": _("no longer one of this place's people"),
            "unreachable": _("cannot be reached"),
            "refused": _("does not want to"),
            "other": _("another reason"),
        },
        "grade": {
            "plan": _("a plan of this place"),
            "government": _("a government document"),
            "press": _("a press report"),
            "weak": _("a source not verified"),
            "common": _("known, no document at hand"),
            "assumed": _("assumed until the document is there"),
        },
        "applies_to": {
            "everyone": _("everybody"),
            "special": _("special groups"),
            "students": _("pupils and students"),
            "credential": _("e-credentials"),
        },
        "before": {"on_application": _("comes back on application"), "no": _("does not come back")},
        "after": {
            "on_application": _("comes back on application"),
            "in_principle_no": _("in principle does not come back"),
            "no": _("does not come back"),
        },
        "crossing": {
            "each_year": _("pays for the year of birth and for the next"),
            "next_year_covers": _("the next year's premium covers from birth on"),
        },
        "level": {"banner": _("the banner"), "township": _("the township")},
        "starts": {
            "payment": _("from the day it is paid"),
            "benefit": _("from the first day of the benefit period at the earliest"),
        },
    }
