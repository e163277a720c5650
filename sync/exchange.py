"""Exchange files: what this room offers to others."""

from sync.receiving import Fate, receive
from sync.sending import Sent, send

__all__ = ["Fate", "Sent", "receive", "send"]
