"""Lists that come in: choose, look at what they would change, correct their columns, write."""
