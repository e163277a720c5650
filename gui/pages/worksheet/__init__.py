"""Working sheets: out to WPS or Excel, and back with a look at every cell."""
