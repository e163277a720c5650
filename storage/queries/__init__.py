"""Read-only questions to the ledger; each answers with frozen row dataclasses."""
