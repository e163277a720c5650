"""By which way to go about somebody and why: 上门 · 没有电话. Each reason of storage.policy.approach has its words."""

from collections.abc import Callable, Mapping
from datetime import date

from gui.i18n import _
from gui.wording import names
from gui.wording.tags import Mark, Tone
from gui.wording.units import NOTHING, listed, month_day
from storage.policy.approach import Approach, Way
from storage.policy.model import Policy
from storage.policy.reasons import Reason
from storage.queries.dayplan import Stop, Turn

_TONES: dict[Way, Tone] = {"see": "warn", "call": "info", "remind": "info", "check": "mute"}


def way_name(way: str) -> str:
    """A way in a word or two, "" for all of them."""
    return {
        "": _("all of today"),
        "see": _("go there"),
        "call": _("call"),
        "remind": _("send a reminder"),
        "check": _("check"),
        "wait": _("wait"),
        "leave": _("nothing to do"),
    }[way]


def way_mark(way: Way) -> Mark:
    """A way as a mark."""
    return Mark(way_name(way), _TONES.get(way, "mute"))


def way_why(policy: Policy, found: Approach) -> str:
    """Why this way, with what to mind on it: 两次不在家，先打电话."""
    return listed([reason_words(policy, reason) for reason in (found.reason, *found.advice)])


def reason_words(policy: Policy, reason: Reason) -> str:
    """One reason in words."""
    return _REASONS[reason.code](policy, reason)


def reason_codes() -> frozenset[str]:
    """Every code that has words."""
    return frozenset(_REASONS)


def stop_mark(stop: Stop) -> Mark | None:
    """How a door came into the plan of the day, where that is not by its own reasons."""
    return {
        "added": Mark(_("added by you"), "info"),
        "promised": Mark(_("expected today"), "warn"),
        "beside": Mark(_("on the way"), "mute"),
        "picked": None,
    }[stop.kind]


def out_mark(turn: Turn, out: Mapping[str, int]) -> Mark | None:
    """That somebody asked for at a door stands on a list (resident → its number) that did not come back."""
    numbers = {out[task.card.person.record] for task in turn.at_door() if task.card.person.record in out}
    if not numbers:
        return None
    return Mark(_("list {number} is out").format(number=f"{max(numbers):02d}"), "warn")


def stop_words(policy: Policy, stop: Stop) -> str:
    """Why a door is in the plan, as it is printed beside it: 顺路；没有电话."""
    mark, door = stop_mark(stop), stop.turn.door
    said = stop.kind == "promised" and door is not None and door.reason.code == "way_promise_due"
    return listed([mark.text if mark and not said else "", way_why(policy, door) if door else ""])


def _plain(words: Callable[[], str]) -> Callable[[Policy, Reason], str]:
    return lambda _policy, _reason: words()


def _day(words: Callable[[], str], name: str) -> Callable[[Policy, Reason], str]:
    def told(_policy: Policy, reason: Reason) -> str:
        day = reason.params.get(name)
        return words().format(day=month_day(day) if isinstance(day, date) else NOTHING)

    return told


def _count(words: Callable[[], str], name: str) -> Callable[[Policy, Reason], str]:
    return lambda _policy, reason: words().format(count=reason.params.get(name))


def _help(policy: Policy, reason: Reason) -> str:
    return names.help_reason(policy, str(reason.params.get("help") or "")) or _("needs help to pay")


def _department(policy: Policy, reason: Reason) -> str:
    group = policy.group(str(reason.params.get("group") or ""))
    department = group.department if group else ""
    return _("ask {department} whether it is paid").format(department=department or _("the department"))


def _outcome(words: Callable[[], str]) -> Callable[[Policy, Reason], str]:
    return lambda _policy, reason: words().format(outcome=names.outcome(str(reason.params.get("outcome"))))


_REASONS: dict[str, Callable[[Policy, Reason], str]] = {
    "way_day_unknown": _plain(lambda: _("the slip says which day it was paid")),
    "way_ask_tax": _plain(lambda: _("ask the tax office with the number of the slip, not the household")),
    "way_ask_department": _department,
    "way_posting": _plain(lambda: _("paid, to be posted")),
    "way_window": _plain(lambda: _("collection has not begun")),
    "way_declined": _plain(lambda: _("declined, informed")),
    "way_settled": _plain(lambda: _("settled")),
    "way_promised_later": _day(lambda: _("agreed for {day}"), "day"),
    "way_tried_today": _outcome(lambda: _("tried today: {outcome}")),
    "way_refused_lately": _day(lambda: _("said no on {day}, leave some days"), "day"),
    "way_no_phone": _plain(lambda: _("no telephone known")),
    "way_another_time": _plain(lambda: _("come at another time of day")),
    "way_absent": _count(lambda: _("not at home {count} times, call first"), "times"),
    "way_refused": _plain(lambda: _("said no: explain, have the informed refusal signed")),
    "way_promise_due": _day(lambda: _("expected since {day}"), "day"),
    "way_help": _help,
    "way_called": _count(lambda: _("called {count} times without a result"), "times"),
    "way_find": _plain(lambda: _("ask where this person is")),
    "way_away": _plain(lambda: _("away from home")),
    "way_newborn": _plain(lambda: _("newborn: bring the papers")),
    "way_papers": _plain(lambda: _("papers to be brought")),
    "way_special": _day(lambda: _("special group, by {day}"), "deadline"),
    "way_relative_binds": _plain(lambda: _("a relative binds it with their own telephone")),
    "way_by_themselves": _plain(lambda: _("can do it with their own telephone")),
    "way_last_days": _plain(lambda: _("the last days")),
    "way_soon": _count(lambda: _("{count} days left"), "days"),
    "way_reminded": _day(lambda: _("reminded on {day}, wait for an answer"), "day"),
    "way_spoken_before": _outcome(lambda: _("was {outcome}, not paid yet")),
    "way_text_first": _plain(lambda: _("not spoken to yet")),
}
"""Reason → its words."""
