"""What a ledger is: records, rules, the log and the encrypted database. No Qt, no files of others."""
