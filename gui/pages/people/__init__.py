"""The people of all villages, for an office: whoever stands behind a number."""
