"""Bulletins: this week's in one key, every issue as it was printed, every number with the people behind it."""
