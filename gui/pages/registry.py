"""Which pages there are, for whom, and in which order. A page's module is imported when it is first opened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module

from gui.desk import Desk
from gui.i18n import _
from gui.models.pulse import Pulse
from gui.pages.page import Page
from gui.wording.places import below
from storage.kinds import OFFICE, VILLAGE

Badge = tuple[int, bool]
"""How much waits on a page, and whether it is pressing."""


def _nothing(pulse: Pulse) -> Badge:
    return 0, False


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One page: its key in code, its name, how it is made, which ledgers have it, what its badge counts.

    ``finds`` marks the page (a FinderPage) that answers the box at the top of the window.
    """

    key: str
    title: Callable[[], str]
    make: Callable[[Desk], Page]
    roles: str
    badge: Callable[[Pulse], Badge] = _nothing
    finds: bool = False


def _today(desk: Desk) -> Page:
    from gui.pages.today.page import TodayPage

    return TodayPage(desk)


def _households(desk: Desk) -> Page:
    from gui.pages.households.page import HouseholdsPage

    return HouseholdsPage(desk)


def _visits(desk: Desk) -> Page:
    from gui.pages.visits.page import VisitsPage

    return VisitsPage(desk)


def _library(desk: Desk) -> Page:
    from gui.pages.library.page import LibraryPage

    return LibraryPage(desk)


def _targets(desk: Desk) -> Page:
    from gui.pages.targets.page import TargetsPage

    return TargetsPage(desk)


def _returns(desk: Desk) -> Page:
    from gui.pages.returns.page import ReturnsPage

    return ReturnsPage(desk)


def _papers(desk: Desk) -> Page:
    from gui.pages.papers.page import PapersPage

    return PapersPage(desk)


def _money(desk: Desk) -> Page:
    from gui.pages.money.page import MoneyPage

    return MoneyPage(desk)


def _intake(desk: Desk) -> Page:
    from gui.pages.intake.page import IntakePage

    return IntakePage(desk)


def _forms(desk: Desk) -> Page:
    from gui.pages.forms.page import FormsPage

    return FormsPage(desk)


def _worksheet(desk: Desk) -> Page:
    from gui.pages.worksheet.page import WorksheetPage

    return WorksheetPage(desk)


def _pending(desk: Desk) -> Page:
    from gui.pages.pending.page import PendingPage

    return PendingPage(desk)


def _reconcile(desk: Desk) -> Page:
    from gui.pages.reconcile.page import ReconcilePage

    return ReconcilePage(desk)


def _exchange(desk: Desk) -> Page:
    from gui.pages.exchange.page import ExchangePage

    return ExchangePage(desk)


def _villages(desk: Desk) -> Page:
    from gui.pages.villages.page import VillagesPage

    return VillagesPage(desk)


def _bulletins(desk: Desk) -> Page:
    from gui.pages.bulletins.page import BulletinsPage

    return BulletinsPage(desk)


def _people(desk: Desk) -> Page:
    from gui.pages.people.page import PeoplePage

    return PeoplePage(desk)


def _devices(desk: Desk) -> Page:
    from gui.pages.devices.page import DevicesPage

    return DevicesPage(desk)


def _settings(desk: Desk) -> Page:
    from gui.pages.settings.page import SettingsPage

    return SettingsPage(desk)


BOTH = VILLAGE + OFFICE

PAGES: Sequence[PageSpec] = (
    PageSpec("villages", lambda: _("Villages"), _villages, OFFICE),
    PageSpec("bulletins", lambda: _("Bulletins"), _bulletins, OFFICE),
    PageSpec("today", lambda: _("Today"), _today, VILLAGE),
    PageSpec("households", lambda: _("Households"), _households, VILLAGE, finds=True),
    PageSpec("visits", lambda: _("Visits"), _visits, VILLAGE),
    PageSpec("returns", lambda: _("Lists back"), _returns, VILLAGE),
    PageSpec("papers", lambda: _("Papers"), _papers, VILLAGE),
    PageSpec("library", lambda: _("Plan library"), _library, OFFICE),
    PageSpec("targets", lambda: _("Targets and lists"), _targets, BOTH),
    PageSpec("money", lambda: _("Refunds and advances"), _money, BOTH),
    PageSpec("intake", lambda: _("Import lists"), _intake, BOTH),
    PageSpec("forms", lambda: _("Forms"), _forms, BOTH),
    PageSpec("worksheet", lambda: _("Working sheets"), _worksheet, BOTH),
    PageSpec(
        "reconcile", lambda: _("Compare lists"), _reconcile, OFFICE, lambda pulse: (pulse.replies, True)
    ),
    PageSpec("pending", lambda: _("To settle"), _pending, BOTH, lambda pulse: (pulse.pending, True)),
    PageSpec("exchange", lambda: _("Send and receive"), _exchange, BOTH, lambda pulse: (pulse.unsent, False)),
    PageSpec("people", lambda: _("People"), _people, OFFICE, finds=True),
    PageSpec(
        "devices", lambda: _("Kits and devices"), _devices, OFFICE, lambda pulse: (pulse.open_devices, False)
    ),
    PageSpec("settings", lambda: _("Settings"), _settings, BOTH),
)
"""In the order of a village's left column."""
_OFFICE_ORDER = (
    *("villages", "bulletins", "exchange", "reconcile", "pending", "library", "targets", "money"),
    *("intake", "forms", "worksheet", "people", "devices", "settings"),
)
"""An office's Monday: who is behind, what is told of it, what came, what differs; then whom to bring in."""


def loading(key: str) -> Callable[[object], None]:
    """What imports a page's module, so that the window need not wait for that when it is opened."""

    def load(_ledger: object) -> None:
        import_module(f"gui.pages.{key}.page")

    return load


def pages_for(role: str, scope: str = "") -> list[PageSpec]:
    """The pages of a ledger of this role, in the order of the left column; a banner's are about its townships."""
    found = [spec for spec in PAGES if role in spec.roles]
    if role == OFFICE:
        found.sort(key=lambda spec: _OFFICE_ORDER.index(spec.key))
    return [
        replace(spec, title=lambda: below(scope).page) if spec.key == "villages" else spec for spec in found
    ]
