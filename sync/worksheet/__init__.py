"""Working sheets: a table of people goes out to WPS or Excel, is filled in there, and comes back as a merge."""

from sync.worksheet.reading import recognise

__all__ = ["recognise"]
