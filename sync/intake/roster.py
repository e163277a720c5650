"""Roster intake: a village register becomes households and people; stage, look, then apply.

Nothing touches the ledger before ``apply``. A row with a bad or missing ID number still becomes a
person; what is doubtful about it waits as a question. The same file again writes nothing.
"""
