"""Makes a dictionary for storage/packing.py out of invented bodies of every kind, by hand: it is never made anew.

    python -m tests.bench.dictionary resources/packing/bodies-2.zdict

What is packed with a dictionary can only be read with the very same bytes: another one is another file under the
next number, and the old one stays.
"""

import random
import sys
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import zstandard

from storage.kinds import KINDS, VILLAGE
from storage.log import FORMAT, Body, encode
from tests.bench.conftest import id_number, person

_SIZE = 16384
_SAMPLES = 20_000
_DAYS = ("2025-10-2", "2025-11-0", "2025-11-1", "2025-12-0", "2026-01-1")
_TITLES = ("查干沟嘎查村", "巴音淖尔嘎查", "乌兰木独村", "柳沟村", "敖包梁村", "白泥井镇", "昭君社区")
_LISTS = (
    "花名册.xlsx",
    "村花名册.xlsx",
    "嘎查花名册11月.xlsx",
    "民政局名单.xlsx",
    "摸底表.csv",
    "税务缴费明细.csv",
)
_WORDS = {
    "residence": ("resident", "away", "outside", "student"),
    "entry": ("new",),
    "absence": ("employee", "elsewhere", "student", "soldier", "dead", "refused"),
    "group_code": ("special_hardship", "low_income", "orphan", "disabled", "relapse_risk"),
    "channel": ("wechat", "alipay", "bank", "pos", "cash", "platform", "app"),
    "credential": ("active",),
    "credential_by": ("self", "family", "helped"),
    "outcome": ("met", "absent", "refused", "promised", "phoned"),
    "answer": ("same", "different"),
    "policy": ("example-2026", "baotou-2026", "example-2027"),
    "void_reason": ("重复", "录入错误", "死亡", "迁出", "已退费"),
    "doubts": ("id_missing", "id_check", "id_cut", "birth_differs", "sex_differs", "name_missing"),
    "ethnic": ("01", "02", "03", "11"),
    "sex": ("1", "2"),
    "hukou": ("农业", "非农业", "居民户"),
    "category": ("普通居民", "低保对象", "学生"),
    "need": ("no_phone", "elderly", "disabled", "away"),
    "grp": ("1组", "2组", "3组", "一社", "二社", "三组"),
    "role": ("v", "o"),
}
_MIX = (
    ("resident", ("identity", "membership", "residence", "contact", "ethnic"), 30),
    ("resident", ("identity", "membership", "residence", "contact"), 15),
    ("resident", ("contact",), 8),
    ("resident", ("residence",), 4),
    ("resident", ("identity",), 4),
    ("household", ("number", "head", "place"), 15),
    ("household", ("number", "place"), 3),
    ("payment", ("fact", "policy"), 15),
    ("confirmation", ("fact", "source"), 6),
    ("enrolment", ("link", "absence"), 4),
    ("subsidy", ("link", "grant"), 5),
    ("visit", ("fact",), 4),
    ("credential", ("link", "state"), 4),
)


def _id(rng: random.Random) -> str:
    return urlsafe_b64encode(rng.randbytes(16)).decode().rstrip("=")


def _value(rng: random.Random, field: str, kind: type) -> Any:
    """Return a plausible value of one field."""
    if field in _WORDS:
        return rng.choice(_WORDS[field])
    if kind is int:
        plain = {"year": 2026, "amount": rng.choice((40000, 40000, 20000, 4000)), "door": 1}
        return plain.get(field, rng.randint(1, 40))
    if field in ("resident", "household", "left", "right", "erased_record", "counted_in"):
        return _id(rng)
    if field == "id_number":  # with a wrong check digit: nobody in the world has it
        sound = id_number(rng)
        return sound[:17] + ("1" if sound[17] == "0" else "0")
    if field == "phone":
        return f"1380000{rng.randint(0, 9_999):04d}"
    if field.endswith("_on") or field in ("since", "until", "birth", "counted_since"):
        return f"{rng.choice(_DAYS)}{rng.randint(0, 9)}"
    if field == "number":
        return f"{rng.randint(1, 12):02d}{rng.randint(1, 900):04d}"
    if field == "relation":
        return str(rng.randint(0, 8))
    if field in ("title", "device_title"):
        return rng.choice(_TITLES)
    if field == "void_seen":
        return rng.randbytes(16).hex()
    if "name" in field or field in ("helper", "grid", "payer", "advanced_by"):
        return person(rng)
    return rng.choice(("", "外出务工", "四社路东", "在校学生", "电话打不通"))


def _registers(rng: random.Random) -> tuple[str, tuple[str, ...]]:
    """Return a kind and the registers one operation writes: mostly the usual ones, now and then any."""
    if rng.random() < 0.15:
        kind = rng.choice(list(KINDS.values()))
        return kind.name, (rng.choice(list(kind.registers)),)
    kinds = [(kind, registers) for kind, registers, _ in _MIX]
    return rng.choices(kinds, [weight for _, _, weight in _MIX])[0]


def body(rng: random.Random, seq: int) -> bytes:
    """Return an invented body as it travels."""
    kind, names = _registers(rng)
    registers = {name: KINDS[kind].registers[name] for name in names}
    changes = {}
    for name, register in registers.items():
        filled = {field: _value(rng, field, type_) for field, type_ in sorted(register.fields.items())}
        changes[name] = {field: value for field, value in filled.items() if value != ""}
    role = VILLAGE if all(VILLAGE in register.writers for register in registers.values()) else "o"
    listed = len(names) > 1 and rng.random() < 0.6
    edited = not listed and rng.random() < 0.6
    return encode(
        Body(
            FORMAT,
            f"150{rng.randint(100_000_000, 999_999_999)}",
            f"{role}{rng.randbytes(6).hex()}",
            seq,
            (1_764_720_000_000 + rng.randint(0, 10**10)) << 16,
            kind,
            _id(rng),
            rng.choice(("联络员", "王秀英", person(rng))),
            f"roster:0{rng.randint(1, 9)}-{rng.choice(_LISTS)}:{rng.randint(4, 900)}" if listed else "",
            changes,
            {name: [rng.randbytes(16).hex()] for name in names} if edited else {},
        )
    ).raw


def main(target: Path) -> None:
    """Write a dictionary trained on invented bodies."""
    if target.exists():
        raise SystemExit(f"{target} exists: what was packed with it could not be read with another")
    rng = random.Random(20251203)
    samples = [body(rng, seq) for seq in range(1, _SAMPLES)]
    target.write_bytes(zstandard.train_dictionary(_SIZE, samples, level=3).as_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
