"""Paper: what is painted, page by page, on a PDF, a printer or a picture with the same code."""
