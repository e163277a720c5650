"""The whole window as the ledger stood at a moment: chosen, marked beyond doubt, only to be read, and left again."""
