"""Kinds of records and their registers: the vocabulary of the log.

A register holds the fields that only make sense together, so that a merge never mixes half of one
fact with half of another. A register's field set is frozen: a new field is a new register.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

VILLAGE, OFFICE = "v", "o"
"""Roles; a replica id begins with the role of the ledger that made it."""


@dataclass(frozen=True, slots=True)
class Register:
    """Fields that travel together, who may write them and which side settles their conflicts."""

    fields: Mapping[str, type]
    writers: str = VILLAGE + OFFICE
    settles: str = VILLAGE


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: its registers by name and all its fields with their types."""

    name: str
    registers: Mapping[str, Register]
    fields: Mapping[str, type] = field(init=False)

    def __post_init__(self) -> None:
        merged: dict[str, type] = {}
        for register in self.registers.values():
            merged.update(register.fields)
        object.__setattr__(self, "fields", merged)


def _texts(*names: str) -> dict[str, type]:
    return dict.fromkeys(names, str)


_VOID = Register(_texts("void_reason", "void_seen", "void_beside", "void_after"))
"""Why a record does not count; the operations of it that were seen (oids), and of payments the person's other
claims: those that stood and those that were void already (record ids)."""
_LINK = Register({"resident": str, "year": int})
_TERMS = Register({"terms_policy": str, "terms_version": int})
"""The policy a record was made under: its id and version, whatever is in force later."""
_COUNTING = Register(
    _texts(
        *("counted_in", "counted_record", "counted_since", "counted_why"),
        *("counted_from", "counted_seen"),
    ),
    OFFICE,
    OFFICE,
)
"""Which village a person counts in (code) and under which record there, since when, why and come from where;
``counted_seen`` names the operations of the scope that were known when it was decided (oids): others came later."""
_ORDER = Register(
    {
        **_texts("erased_kind", "erased_record", "erased_on", "erased_why", "erased_with", "erased_ops"),
        "backup_days": int,
    },
    OFFICE,
    OFFICE,
)
"""What is to be erased: a person, with them other records (``kind:record``) and single operations (oids); backups
older than so many days go too."""

_SHARE = Register(
    {
        **dict.fromkeys(("share_year", "share_people", "share_of", "share_weight", "share_weights"), int),
        **_texts("share_basis", "share_why"),
    },
    OFFICE,
    OFFICE,
)
"""How a number assigned follows from a sharing out: ``share_people`` of ``share_of`` by the weight of this place among
all weights, which are numbers of people by ``share_basis``; without ``share_of`` it was set by hand, and why."""

_BULLETIN = {
    "issue": Register(
        {
            **dict.fromkeys(("bulletin_number", "bulletin_year"), int),
            **_texts("bulletin_on", "bulletin_at", "bulletin_unit", "follows", "corrects", "corrects_why"),
        },
        OFFICE,
        OFFICE,
    ),
    "rules": Register(
        {"rules_version": int, **_texts("rules_policy", "rules_text", "denominator")}, OFFICE, OFFICE
    ),
    "basis": Register({"held_count": int, **_texts("held_print", "held")}, OFFICE, OFFICE),
    "content": Register(_texts("content", "content_print", "counted_with"), OFFICE, OFFICE),
}
"""An issued bulletin, frozen: which issue of which day and moment, what it follows or corrects and why; the policy
whole; the operations it counts by stream with their fingerprint (``storage.held``); every number printed in it."""

_ANSWER = {
    "link": _LINK,
    "answer": Register(
        {
            "answer_round": int,
            **_texts("difference", "detail", "fact", "here", "listed", "list_kind", "list_name", "list_on"),
            **_texts("answer", "answer_why", "answered_on"),
        },
        OFFICE,
        OFFICE,
    ),
    "reply": Register({"reply_round": int, **_texts("reply", "reply_note", "replied_on")}, VILLAGE, VILLAGE),
}
"""What the office made of a difference between ledger and lists: which one, both sides as they stood (JSON) with what
tells them from other facts (``fact``), the list, the answer and why; and what the village replied to which asking."""

_BATCH = {
    "handed": Register(
        {
            "batch_people": int,
            **_texts("batch_sort", "batch_title", "batch_place", "batch_of", "handed_on", "due_on"),
        },
        settles=OFFICE,
    ),
    "holder": Register(_texts("holder", "holder_phone"), settles=OFFICE),
    "returned": Register({"returned_people": int, **_texts("returned_on", "returned_note")}, settles=OFFICE),
    "closed": Register(_texts("closed_on", "closed_why"), settles=OFFICE),
    "void": _VOID,
}
"""Something handed out to be filled in: what it is and of whose village, how many people, until when; ``batch_of``
what the ledger knows of it itself (the token of a working sheet, the record of a printed list). Who has it, how much
came back, and why the rest is no longer expected."""

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "village",
            {
                "title": Register(_texts("code", "title"), settles=OFFICE),
                "policy": Register(_texts("policy"), settles=OFFICE),
                "published": Register(_texts("published"), OFFICE, OFFICE),
                "population": Register(
                    {"registered": int, "residing": int, **_texts("counted_on", "counted_by")}, settles=OFFICE
                ),
                "task": Register(
                    {"task": int, "task_year": int, **_texts("task_on", "task_by")}, settles=OFFICE
                ),
                "share": _SHARE,
            },
        ),
        Kind(
            "household",
            {
                "number": Register(_texts("number")),
                "head": Register(_texts("head_name")),
                "place": Register(_texts("grp", "lane", "address")),
                "duty": Register(_texts("grid", "helper")),
                "door": Register({"door": int}),
                "remark": Register(_texts("note")),
                "void": _VOID,
            },
        ),
        Kind(
            "resident",
            {
                "identity": Register(_texts("name", "id_number", "sex", "birth")),
                "membership": Register(_texts("household", "relation")),
                "residence": Register(_texts("residence")),
                "contact": Register(_texts("phone")),
                "ethnic": Register(_texts("ethnic")),
                "hukou": Register(_texts("hukou", "hukou_address")),
                "category": Register(_texts("category")),
                "doubts": Register(_texts("doubts")),
                "remark": Register(_texts("note")),
                "checked": Register(_texts("checked")),
                "schooling": Register(_texts("school", "school_class"), settles=OFFICE),
                "counting": _COUNTING,
                "void": _VOID,
            },
        ),
        Kind(
            "same",
            {
                "edge": Register(_texts("left", "right")),
                "answer": Register(_texts("answer")),
            },
        ),
        Kind(
            "enrolment",
            {
                "link": _LINK,
                "entry": Register(_texts("entry")),
                "absence": Register(_texts("absence", "absence_note", "absence_on")),
                "terms": _TERMS,
            },
        ),
        Kind(
            "subsidy",
            {
                "link": _LINK,
                "grant": Register(_texts("group_code", "grant_source", "since", "until"), settles=OFFICE),
                "void": _VOID,
            },
        ),
        Kind(
            "payment",
            {
                "fact": Register(
                    {
                        "resident": str,
                        "year": int,
                        "amount": int,
                        **_texts("paid_on", "channel", "receipt", "payer", "advanced_by"),
                    }
                ),
                "policy": Register(_texts("policy")),
                "terms": _TERMS,
                "void": _VOID,
            },
        ),
        Kind(
            "refund",
            {
                "link": _LINK,
                "claim": Register(
                    {
                        "refund_reason": str,
                        "group_code": str,
                        "department": str,
                        "amount": int,
                        "claimed_on": str,
                    }
                ),
                "applied": Register(_texts("applied_on", "applied_by", "applied_paper")),
                "refused": Register(_texts("refused_on", "refused_why")),
                "received": Register(
                    {"received_amount": int, **_texts("received_on", "received_from", "received_batch")}
                ),
                "handed": Register(
                    {
                        "handed_amount": int,
                        **_texts("handed_on", "handed_to", "handed_by", "handed_how", "advanced_by"),
                    }
                ),
                "signed": Register(_texts("signed_on", "signed_by", "signed_as", "signed_paper")),
                "terms": _TERMS,
                "void": _VOID,
            },
        ),
        Kind(
            "settlement",
            {
                "fact": Register(
                    {
                        "resident": str,
                        "year": int,
                        "amount": int,
                        **_texts(
                            "advance", "settled_on", "settled_by", "settled_to", "settled_how", "settled_note"
                        ),
                    }
                ),
                "void": _VOID,
            },
        ),
        Kind(
            "confirmation",
            {
                "fact": Register(
                    {"resident": str, "year": int, "amount": int, **_texts("paid_on", "channel", "receipt")},
                    writers=OFFICE,
                    settles=OFFICE,
                ),
                "source": Register(_texts("list_name"), writers=OFFICE, settles=OFFICE),
                "void": Register(_VOID.fields, writers=OFFICE, settles=OFFICE),
            },
        ),
        Kind(
            "coverage",
            {
                "link": Register(_texts("resident")),
                "state": Register(
                    _texts(
                        *("scheme", "scheme_state", "scheme_place", "scheme_type", "employer"),
                        *("covered_since", "covered_as_of", "covered_by"),
                    ),
                    settles=OFFICE,
                ),
                "void": _VOID,
            },
        ),
        Kind(
            "credential",
            {
                "link": Register(_texts("resident")),
                "state": Register(_texts("credential", "credential_by", "credential_on")),
            },
        ),
        Kind(
            "assistance",
            {
                "link": _LINK,
                "need": Register(_texts("need", "need_what", "need_on", "need_note")),
            },
        ),
        Kind(
            "visit",
            {
                "fact": Register(
                    {
                        **_texts("household", "resident", "visited_on", "outcome", "retry_on", "visit_note"),
                        "list_number": int,
                    }
                ),
                "void": _VOID,
            },
        ),
        Kind(
            "visit_list",
            {
                "sheet": Register({"list_number": int, **_texts("printed_on", "filter", "rows")}),
                "closed": Register(_texts("closed_on", "closed_why")),
            },
        ),
        Kind(
            "policy_text",
            {"text": Register(_texts("policy_id", "policy_toml"), OFFICE, OFFICE)},
        ),
        Kind(
            "certificate",
            {
                "device": Register(
                    _texts("verify_key", "recipient", "role", "device_title", "since", "seal"), OFFICE, OFFICE
                ),
                "compared": Register(_texts("compared_on", "compared_by"), OFFICE, OFFICE),
                "revocation": Register(_texts("revoked_on", "revoked_why", "cuts"), OFFICE, OFFICE),
            },
        ),
        Kind(
            "erasure",
            {"order": _ORDER},
        ),
        Kind("bulletin", _BULLETIN),
        Kind(
            "statement",
            {
                "stated": Register(
                    _texts("stated_unit", "stated_at", "stated", "stated_key", "stated_seal"), OFFICE, OFFICE
                ),
                "over": Register({"replaced": int}, OFFICE, OFFICE),
            },
        ),
        Kind("difference", _ANSWER),
        Kind("batch", _BATCH),
        Kind(
            "contact",
            {
                "unit": Register(_texts("unit", "unit_kind", "unit_code"), settles=OFFICE),
                "person": Register(_texts("name", "post"), settles=OFFICE),
                "number": Register(_texts("phone"), settles=OFFICE),
                "remark": Register(_texts("note"), settles=OFFICE),
                "shared": Register(_texts("shared"), OFFICE, OFFICE),
                "void": _VOID,
            },
        ),
    )
}
