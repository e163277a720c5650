"""The policy of one place and one insurance year: what differs from place to place is data, never code.

Files in ``resources/policy`` have exactly these fields. Every value that a document sets carries a
``Cite``: which source, which paragraph.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

Fen = Annotated[int, Meta(ge=0)]
Count = Annotated[int, Meta(ge=0)]
Months = Annotated[int, Meta(ge=0, le=60)]
Years = Annotated[int, Meta(ge=0, le=60)]
Days = Annotated[int, Meta(ge=0, le=366)]
Code = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, Meta(min_length=1)]
Grade = Literal["plan", "government", "press", "weak", "common", "assumed"]
Mode = Literal["advance", "refund", "none", "unknown"]
Audience = Literal["everyone", "special", "students", "credential"]
Before = Literal["on_application", "no"]
After = Literal["on_application", "in_principle_no", "no"]


class _Base(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Common shape: frozen, named fields only, a misspelt field is an error."""


class Source(_Base, frozen=True, kw_only=True):
    """A document behind values; ``grade`` says how far it can be relied on."""

    key: Code
    document: Text
    issued: date | None = None
    grade: Grade


class Cite(_Base, frozen=True, kw_only=True):
    """Where a value comes from: a source and the paragraph in it; ``note`` says what was read into it."""

    source: Code
    at: str = ""
    note: str = ""


class Window(_Base, frozen=True, kw_only=True):
    """The collection window 集中征缴期, both days included."""

    start: date
    end: date
    cite: Cite


class Period(_Base, frozen=True, kw_only=True):
    """The benefit period 待遇享受期, both days included."""

    start: date
    end: date
    cite: Cite


class Group(_Base, frozen=True, kw_only=True):
    """A subsidy group 资助类别: what is paid for its members, and when.

    ``department`` confirms who belongs to it and budgets for it.
    ``share`` of the premium or ``subsidised_fen`` is set where ``mode`` is advance (the office pays first) or
    refund (先缴后补); ``none`` means no subsidy, ``unknown`` that the documents at hand do not say.
    ``cap_fen`` is the most that is paid whatever the share; ``evidence`` what proves membership.
    ``special`` groups have a target of their own. Of equal subsidies the lower ``rank`` names the person.
    """

    code: Code
    name: Text
    department: str = ""
    department_cite: Cite | None = None
    special: bool = False
    rank: Count = 99
    mode: Mode = "unknown"
    share: Decimal | None = None
    subsidised_fen: Fen | None = None
    cap_fen: Fen | None = None
    evidence: tuple[Text, ...] = ()
    cite: Cite | None = None


class AbsenceReason(_Base, frozen=True, kw_only=True):
    """Why somebody is not insured here; ``explained`` reasons can leave a denominator.

    ``nature``: elsewhere = insured or cared for elsewhere, departed = no longer one of this place's people,
    unreachable, refused, other. ``evidence`` is what has to be seen for it (所需材料).
    """

    code: Code
    name: Text
    explained: bool
    nature: Literal["elsewhere", "departed", "unreachable", "refused", "other"]
    evidence: tuple[Text, ...] = ()


class Choice(_Base, frozen=True, kw_only=True):
    """A word to choose from a list."""

    code: Code
    name: Text


class Channel(_Base, frozen=True, kw_only=True):
    """A way of paying; ``lag_days`` calendar days until a payment should stand in a tax or platform list."""

    code: Code
    name: Text
    lag_days: Days


class SelfPayment(_Base, frozen=True, kw_only=True):
    """How people pay by themselves on a telephone 自助缴费, by the ``channel`` of that code.

    ``link`` is what the square code on slips and reminders says (empty: none is printed), ``steps`` how to get there
    without it. It leads to the tax office's own page and says nothing of anybody.
    """

    channel: Code
    link: str = ""
    steps: Text
    cite: Cite


class Denominator(_Base, frozen=True, kw_only=True):
    """Whom a rate is a rate of: by residence, with or without people whose absence is explained.

    A ``count_only`` denominator is a number from outside (任务数, statistics office), not a set of people.
    """

    code: Code
    name: Text
    residences: tuple[Code, ...] = ()
    explained_out: bool = False
    count_only: bool = False


class Target(_Base, frozen=True, kw_only=True):
    """A rate to reach by a day; without ``rate`` a day by which to report."""

    code: Code
    applies_to: Audience
    rate: Decimal | None = None
    deadline: date | None = None
    denominator: Code | None = None
    cite: Cite


class WaitingRules(_Base, frozen=True, kw_only=True):
    """Waiting period 待遇等待期. Zero and False are the rules before 国办发〔2024〕38号.

    Nobody waits whose employee insurance, or resident insurance in another pool, ended no longer ago than
    ``exempt_job_gap_months`` and ``exempt_moved_gap_months``. A wait ``starts`` on the day of payment, or on the first
    day of the benefit period where that is later.

    What that document leaves open is a field of its own, and ``assumed`` names those set without a local
    rule at hand.
    """

    late_months: Months
    extra_months_per_lapsed_year: Months = 0
    first_lapsed_year_adds: bool = False
    months_removed_per_repaid_year: Months = 0
    floor_from_lapsed_years: Years = 0
    floor_months: Months = 0
    lapsed_payer_in_window_waits: bool = False
    exempt_groups: tuple[Code, ...] = ()
    exempt_job_gap_months: Months = 0
    exempt_moved_gap_months: Months = 0
    starts: Literal["payment", "benefit"] = "payment"
    assumed: tuple[Code, ...] = ()
    cite: Cite


class Newborn(_Base, frozen=True, kw_only=True):
    """Newborns enrolled within ``days`` of birth are covered from birth.

    Born in the autumn, a child needs a premium for the year of birth and one for the next (``crossing`` each_year),
    or the next year's premium also covers from birth to the year's end (next_year_covers). ``assumed`` names what is
    set without a local rule at hand.
    """

    days: Annotated[int, Meta(ge=1, le=366)]
    crossing: Literal["each_year", "next_year_covers"] = "each_year"
    assumed: tuple[Code, ...] = ()
    cite: Cite


class Incentive(_Base, frozen=True, kw_only=True):
    """What continuous insurance earns on the serious-illness ceiling (大病保险最高支付限额), in fen.

    From the ``from_year``-th continuous year ``per_year_fen`` a year; ``zero_claim_fen`` for a year without a claim;
    together at most ``cap_share`` of the ceiling. A lapse restarts the count. Insurance years before ``counts_from``
    do not count (None: all do); ``assumed`` names what is set without a local rule at hand.
    """

    from_year: Annotated[int, Meta(ge=2)]
    per_year_fen: Fen
    zero_claim_fen: Fen
    cap_share: Decimal
    counts_from: Annotated[int, Meta(ge=2000, le=2100)] | None = None
    assumed: tuple[Code, ...] = ()
    cite: Cite


class RefundRule(_Base, frozen=True, kw_only=True):
    """Whether a premium comes back for one reason 退费: before the benefit period starts, and after.

    ``ends``: the resident insurance it was paid for has to be ended with it. ``evidence`` is what has to be handed in.
    ``absences`` are the reasons for not being insured here that, recorded of somebody who has paid, bring it up.
    """

    code: Code
    name: Text
    before: Before
    after: After
    ends: bool = True
    evidence: tuple[Text, ...] = ()
    absences: tuple[Code, ...] = ()
    cite: Cite


class Refunds(_Base, frozen=True, kw_only=True):
    """Refunds of premiums 退费, by reason.

    ``return_free``: whoever goes from employee insurance back to resident insurance in a year already paid for pays
    nothing again. ``other_cite`` names the rules for whatever has no rule here.
    """

    rules: tuple[RefundRule, ...]
    return_free: bool
    return_cite: Cite
    other_cite: Cite | None = None


class FamilyBinding(_Base, frozen=True, kw_only=True):
    """Below ``under_age`` years the e-credential is bound to a parent's account 亲情账号."""

    under_age: Annotated[int, Meta(ge=1)]
    cite: Cite


class YellowCards(_Base, frozen=True, kw_only=True):
    """How many villages at the foot of the weekly bulletin get a yellow card, who issues it over which area."""

    count: Count
    issuer: Text
    level: Literal["banner", "township"]
    cite: Cite


class Finance(_Base, frozen=True, kw_only=True):
    """What the public purse adds to each resident's premium 财政补助: ``per_head_fen`` a person and year."""

    per_head_fen: Fen
    cite: Cite


class Doubles(_Base, frozen=True, kw_only=True):
    """Which of two insurances is kept 重复参保 (医保发〔2020〕33号), and that the other one has to end.

    Of an employee's and a resident's insurance the employee's is kept from ``employee_months`` continuous months on.
    Giving up an insurance that is subsidised takes the person's word in writing (``aided_cite``).
    """

    employee_months: Annotated[int, Meta(ge=1)]
    cite: Cite
    aided_cite: Cite
    removal_cite: Cite


class Retention(_Base, frozen=True, kw_only=True):
    """How long personal data are kept: no longer than the work needs (《个人信息保护法》第十九条).

    ``identity_years`` after the last insurance year in which anything was recorded about a person, they are
    proposed for erasure; ``backup_days`` after it was made, a backup is given up; ``export_days`` a line of the
    export log is kept.
    """

    identity_years: Annotated[int, Meta(ge=1, le=100)]
    identity_cite: Cite
    backup_days: Annotated[int, Meta(ge=1, le=36500)]
    backup_cite: Cite
    export_days: Annotated[int, Meta(ge=1, le=36500)]
    export_cite: Cite


class Policy(_Base, frozen=True, kw_only=True):
    """One place, one insurance year. Money in fen, dates inclusive, rates as fractions of one.

    ``highest_only``: of several identities the highest subsidy counts (就高不就低), else they add up to the premium.
    """

    id: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    version: Annotated[int, Meta(ge=1)]
    year: Annotated[int, Meta(ge=2000, le=2100)]
    place: Text
    title: Text
    example: bool
    divisions: tuple[Annotated[str, Meta(pattern=r"^[0-9]{2,12}$")], ...] = ()
    sources: tuple[Source, ...]
    window: Window
    benefit: Period
    personal_fen: Fen
    personal_cite: Cite
    groups: tuple[Group, ...]
    highest_only: bool = True
    highest_only_cite: Cite
    waiting: WaitingRules
    newborn: Newborn
    family_binding: FamilyBinding
    yellow_cards: YellowCards | None = None
    retention: Retention
    finance: Finance | None = None
    refunds: Refunds | None = None
    incentive: Incentive | None = None
    doubles: Doubles | None = None
    reasons: tuple[AbsenceReason, ...]
    explained_cite: Cite
    assistance_reasons: tuple[Choice, ...]
    channels: tuple[Channel, ...]
    lag_cite: Cite
    self_payment: SelfPayment | None = None
    residences: tuple[Choice, ...]
    denominators: tuple[Denominator, ...]
    default_denominator: Code
    targets: tuple[Target, ...] = ()

    def source(self, key: str) -> Source:
        """Return the source a cite names."""
        return next(source for source in self.sources if source.key == key)

    def group(self, code: str) -> Group | None:
        """Return the subsidy group of this code, None where the policy does not know it."""
        return next((group for group in self.groups if group.code == code), None)

    def absence_reason(self, code: str | None) -> AbsenceReason | None:
        """Return the reason of this code, None where there is none or the policy does not know it."""
        return next((reason for reason in self.reasons if reason.code == code), None)

    def denominator(self, code: str) -> Denominator:
        """Return the denominator of this code; raises KeyError for another."""
        for denominator in self.denominators:
            if denominator.code == code:
                return denominator
        raise KeyError(code)

    def refund_rule(self, code: str) -> RefundRule | None:
        """Return the refund rule of this code, None where the policy has none."""
        rules = self.refunds.rules if self.refunds else ()
        return next((rule for rule in rules if rule.code == code), None)

    def target(self, audience: Audience) -> Target | None:
        """Return the first target set for these people, None where there is none."""
        return next((target for target in self.targets if target.applies_to == audience), None)

    def lag_days(self, channel: str | None) -> int:
        """Return the days a payment of this channel may take to be posted, the longest for an unknown one."""
        known = {entry.code: entry.lag_days for entry in self.channels}
        return known.get(channel or "", max(known.values(), default=0))
