"""Targets and lists: how far, how many more and who, by when at this pace."""
