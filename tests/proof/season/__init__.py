"""A season of a township as it may really go, beside a plain account of what was truly acknowledged."""
