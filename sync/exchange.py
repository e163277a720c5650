"""Exchange files: what this room offers to others."""

from sync.receiving import Fate, receive
from sync.sending import APP, Sent, send

__all__ = ["APP", "Fate", "Sent", "receive", "send"]
