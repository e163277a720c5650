"""Data the program ships: policies, codes, column names, styles, templates, catalogues, demo."""
