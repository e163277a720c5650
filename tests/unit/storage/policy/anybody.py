"""Anybody under any policy: strategies for the properties of the rules, wider than what ships."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st
from msgspec.structs import replace

from storage.policies import available, load
from storage.policy.facts import PersonFacts
from storage.policy.model import Incentive, Policy, RefundRule, Refunds

SHIPPED = tuple(load(head.id) for head in available())
FIRST, LAST = date(2022, 6, 1), date(2028, 6, 30)
DAYS = st.dates(FIRST, LAST)
CODES = ["tekun", "guer", "dibao", "jiance", "tuopin", "youfu", "tuiyi", "unheard_of"]
ABSENCES = [*(reason.code for reason in SHIPPED[0].reasons), "unheard_of"]
CITE = SHIPPED[0].lag_cite

people = st.builds(
    PersonFacts,
    birth=st.none() | st.dates(date(1930, 1, 1), LAST),
    residence=st.sampled_from(["resident", "away", "incoming", "unknown", "moon"]),
    groups=st.frozensets(st.sampled_from(CODES), max_size=3),
    paid=st.sampled_from(["none", "none", "reported", "confirmed"]),
    paid_on=st.none() | DAYS,
    channel=st.none() | st.sampled_from(["alipay", "agent", "carrier_pigeon"]),
    credential=st.booleans(),
    absence=st.none() | st.none() | st.sampled_from(ABSENCES),
    needs_help=st.booleans(),
    help_reason=st.none() | st.just("mobility"),
    promised=st.none() | DAYS,
    new_enrollee=st.booleans(),
    registered_on=st.none() | DAYS,
    lapsed_years=st.none() | st.integers(0, 12),
    repaid_years=st.integers(0, 12),
    employee_until=st.none() | DAYS,
    resident_until=st.none() | DAYS,
    continuous_years=st.none() | st.integers(0, 30),
    paid_employee=st.booleans(),
    student=st.booleans(),
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """One of the shipped policies with everything in it that a place may say otherwise."""
    policy = draw(st.sampled_from(SHIPPED))
    crossing = draw(st.sampled_from(["each_year", "next_year_covers"]))
    terms = _terms(policy.personal_fen)
    picked = draw(
        st.integers(0, len(terms) ** len(policy.groups) - 1)
    )  # one draw for all groups: drawing is slow
    by_group = [terms[picked // len(terms) ** at % len(terms)] for at in range(len(policy.groups))]
    return replace(
        policy,
        groups=tuple(replace(group, **more) for group, more in zip(policy.groups, by_group, strict=True)),
        highest_only=draw(st.booleans()),
        waiting=draw(_waiting(policy)),
        newborn=replace(policy.newborn, days=draw(st.integers(1, 200)), crossing=crossing),
        refunds=draw(st.none() | _refunds()),
        incentive=draw(st.none() | _incentive(policy.year)),
        window=replace(policy.window, end=policy.window.end + timedelta(days=draw(st.integers(-40, 60)))),
    )


def _waiting(policy: Policy) -> st.SearchStrategy:
    months = st.integers(0, 7)
    return st.builds(
        lambda both, **rules: replace(
            policy.waiting, floor_from_lapsed_years=both[0], floor_months=both[1], assumed=(), **rules
        ),
        st.just((0, 0)) | st.tuples(st.integers(1, 5), st.integers(1, 12)),
        late_months=months,
        extra_months_per_lapsed_year=months,
        first_lapsed_year_adds=st.booleans(),
        months_removed_per_repaid_year=months,
        lapsed_payer_in_window_waits=st.booleans(),
        exempt_groups=st.sampled_from([(), ("tekun",), ("tekun", "dibao", "tuiyi")]),
        exempt_job_gap_months=months,
        exempt_moved_gap_months=months,
        starts=st.sampled_from(["payment", "benefit"]),
    )


def _terms(premium: int) -> list[dict[str, object]]:
    """What a place may pay for a group."""
    given: list[tuple[str, str | None, int | None, int | None]] = [
        ("unknown", None, None, None),
        ("none", None, None, None),
        ("advance", "1", None, None),
        ("advance", "0.7", None, None),
        ("advance", "0.33335", None, premium // 4),
        ("advance", None, 1, None),
        ("advance", None, premium // 2, premium // 2),
        ("refund", "1", None, None),
        ("refund", "0.5", None, 1),
        ("refund", None, 35000, None),
        ("refund", None, premium, premium),
    ]
    names = ("mode", "share", "subsidised_fen", "cap_fen")
    rows = [
        dict(zip(names, (mode, share and Decimal(share), fen, cap), strict=True))
        for mode, share, fen, cap in given
    ]
    return [{**row, "cite": CITE} for row in rows]


def _refunds() -> st.SearchStrategy[Refunds]:
    """Rules as strict as they come, or as kind; with a gap in them."""
    pairs = [("on_application", "in_principle_no"), ("on_application", "on_application"), ("no", "no")]
    codes = ("double_payment", "employee", "other_pool", "death")
    kinds = [
        tuple(
            RefundRule(
                code=code,
                name=code,
                before=before,
                after=after,
                ends=ends,
                evidence=("申请",),
                absences=("employee_here", "army") if code == "employee" else (),
                cite=CITE,
            )
            for code in codes[:many]
        )
        for before, after in pairs
        for ends in (True, False)
        for many in (0, 2, 4)
    ]
    return st.builds(
        Refunds,
        rules=st.sampled_from(kinds),
        return_free=st.booleans(),
        return_cite=st.just(CITE),
        other_cite=st.just(CITE),
    )


def _incentive(year: int) -> st.SearchStrategy[Incentive]:
    return st.builds(
        Incentive,
        from_year=st.integers(2, 8),
        per_year_fen=st.integers(0, 200_000),
        zero_claim_fen=st.just(100_000),
        cap_share=st.just(Decimal("0.2")),
        counts_from=st.none() | st.integers(year - 6, year),
        cite=st.just(CITE),
    )
