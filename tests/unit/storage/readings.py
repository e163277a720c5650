"""Makes the table of readings storage/pinyin.py works with out of pypinyin, which is too slow to import at work.

python -m tests.unit.storage.readings resources/pinyin/readings.txt
"""

import sys
from pathlib import Path

from pypinyin import Style, pinyin


def table() -> str:
    """A line for each syllable without its tone: the syllable, a space, all characters that are read so first."""
    read: dict[str, list[str]] = {}
    for code in (*range(0x80, 0xD800), *range(0xE000, 0x32400)):  # what lies beyond is no Han
        found = pinyin(chr(code), style=Style.NORMAL, errors="ignore")
        if found:
            read.setdefault(found[0][0], []).append(chr(code))
    return "".join(f"{syllable} {''.join(read[syllable])}\n" for syllable in sorted(read))


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(table().encode())
