"""The households: find one, see where the family stands, record a fact with one key."""
