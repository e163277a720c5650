"""Words for what the ledger knows, shared by window, paper and command line: pure text, no Qt.

Official Chinese names come from the policy; what it does not know shows its code rather than nothing.
"""

from gui.wording.because import reason_text, source_text
from gui.wording.disputes import PAYMENT, disputed_text, marked, open_hint, open_legend, open_word
from gui.wording.doubts import doubt_text
from gui.wording.history import field_text, history_text, terms_text, value_text, via_text, who_text
from gui.wording.paper import filter_text, privacy_text, visit_sheet
from gui.wording.steps import deadline_text, due_text, step_text, why_text
from gui.wording.tags import (
    Mark,
    Tone,
    credential_mark,
    dispute_mark,
    household_marks,
    open_marks,
    paid_mark,
    person_marks,
    where_mark,
    why_marks,
)
from gui.wording.units import amount, full_day, id_number, moment, money, month_day, percent, phone, short_day

__all__ = [
    "PAYMENT",
    "Mark",
    "Tone",
    "amount",
    "credential_mark",
    "deadline_text",
    "dispute_mark",
    "disputed_text",
    "doubt_text",
    "due_text",
    "field_text",
    "filter_text",
    "full_day",
    "history_text",
    "household_marks",
    "id_number",
    "marked",
    "moment",
    "money",
    "month_day",
    "open_hint",
    "open_legend",
    "open_marks",
    "open_word",
    "paid_mark",
    "percent",
    "person_marks",
    "phone",
    "privacy_text",
    "reason_text",
    "short_day",
    "source_text",
    "step_text",
    "terms_text",
    "value_text",
    "via_text",
    "visit_sheet",
    "where_mark",
    "who_text",
    "why_marks",
    "why_text",
]
