"""The small controls every page is built of."""
