"""What entries about money are called: payments, what lists posted, refunds and what was laid out."""

from gui.i18n import _


def registers() -> dict[tuple[str, str], str]:
    """The registers of a payment, a posting, a refund and of money given back."""
    return {
        ("payment", "fact"): _("payment"),
        ("refund", "claim"): _("what comes back"),
        ("refund", "applied"): _("application for the refund"),
        ("refund", "refused"): _("refusal of the refund"),
        ("refund", "received"): _("refund received from finance"),
        ("refund", "handed"): _("refund handed over"),
        ("refund", "signed"): _("refund signed for"),
        ("settlement", "fact"): _("money given back"),
        ("confirmation", "fact"): _("posted payment"),
        ("confirmation", "source"): _("list"),
    }


def fields() -> dict[str, str]:
    """The fields of these registers."""
    return {
        "amount": _("amount"),
        "paid_on": _("payment date"),
        "channel": _("channel"),
        "receipt": _("receipt number"),
        "payer": _("payer"),
        "advanced_by": _("advanced by"),
        "void_reason": _("reason for voiding"),
        "terms_policy": _("policy it was made under"),
        "terms_version": _("version of the policy"),
        "refund_reason": _("why it comes back"),
        "department": _("department"),
        "claimed_on": _("claimed on"),
        "applied_on": _("applied on"),
        "applied_by": _("applied by"),
        "applied_paper": _("papers"),
        "refused_on": _("refused on"),
        "refused_why": _("reason"),
        "received_amount": _("amount received"),
        "received_on": _("received on"),
        "received_from": _("paid by"),
        "received_batch": _("batch or voucher"),
        "handed_amount": _("amount handed over"),
        "handed_on": _("handed over on"),
        "handed_to": _("handed to"),
        "handed_by": _("handed by"),
        "handed_how": _("how"),
        "signed_on": _("signed on"),
        "signed_by": _("signed by"),
        "signed_as": _("signed as"),
        "signed_paper": _("papers"),
        "advance": _("what was laid out"),
        "settled_on": _("given back on"),
        "settled_by": _("given back by"),
        "settled_to": _("given back to"),
        "settled_how": _("how"),
        "settled_note": _("remark"),
    }
