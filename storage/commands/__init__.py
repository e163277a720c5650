"""One intent is one function is one transaction; each returns the Changes it made."""
