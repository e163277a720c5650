"""What this ledger is, by which policy it works, how the window looks, which backups there are."""
