"""Papers for households and people: notices, slips, confirmations, receipts."""
