"""What the tables show: rows in memory, and columns that say how a row reads, sorts and looks."""
