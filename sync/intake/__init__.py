"""Lists that come in: staged, shown, and only then applied, each in one transaction."""
