"""The pages of the window, each a folder: page.py says what it does, view.py how it is laid out."""
