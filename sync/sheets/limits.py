"""How much a spreadsheet may ask of the machine."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, rows, columns and seconds; far above any real list, far below what hurts an office PC."""

    file_bytes: int = 100 * MIB
    inflated_bytes: int = 800 * MIB  # all XML of one workbook
    memory_bytes: int = 640 * MIB  # resident, of the reading process
    packed_bytes: int = 256 * MIB  # all rows on their way out, which the asking process holds
    seconds: float = 60.0
    rows: int = 600_000  # of one sheet
    columns: int = 256
    gap: int = 5_000  # blank rows after which what follows is stray
    parts: int = 5_000  # files inside the file
    sheets: int = 1_000


DEFAULT = Limits()
