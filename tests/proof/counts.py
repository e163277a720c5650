"""What the proofs of a run went through, told at its end: a proof that says nothing of its size proves little."""

from collections import Counter

_WORDS = {
    "histories": "histories made up by Hypothesis",
    "steps": "steps in them, the tables held against the log after each",
    "edits": "edits acknowledged in them",
    "lost": "of these lost",
    "orders": "orders of bundles taken in",
    "states": "sets of bundles they were orders of",
    "kills": "processes killed while at work",
    "kept": "entries they had acknowledged",
    "half": "of these lost, or left half",
    "full": "writes that found no room, or no leave to write",
    "fuzzed": "files fuzzed",
    "refused": "of them refused",
    "taken": "of them taken in",
    "crashes": "crashes",
    "changes": "changes by a refused file",
    "bits": "bits flipped in a ledger's file",
    "unseen": "of them unseen",
    "seasons": "seasons of a township",
    "acts": "acts acknowledged in them",
    "files": "files sent in them",
    "files lost": "of these lost on the way",
    "recounted": "bulletins counted again to what was printed",
}

done: Counter[str] = Counter()
"""Everything counted so far in this run; the tests add to it as they go."""


def lines() -> list[str]:
    """Return the counts as lines, nothing where nothing was proven."""
    return [f"{done[name]:>9,}  {words}" for name, words in _WORDS.items() if name in done]
