"""Invented villages and the damaged lists offices send about them, with the truth of every row."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from storage.pinyin import spelled
from storage.policy.id_core import check_digit
from sync.matching import Match, Person, Wanted

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗白郝杜康乔贺奇云"
GIVEN = (
    "伟强芳秀英娜静敏丽军洋勇艳杰磊娟涛超明霞平刚桂兰花梅红玉春建国志文海燕飞雨欣豪晓子航莲源存然涵翠忠义孝礼"
)
MONGOLIAN = (
    "那顺 其其格 布仁 阿木古楞 娜仁格日勒 乌力吉 萨如拉 巴特尔 敖登 苏布达 格日勒图 恩和巴雅尔 图雅 高娃 孟克 "
    "通拉嘎 牧仁 哈斯其木格 乌云毕力格 道尔吉 吉日嘎拉 斯琴高娃 朝鲁门 嘎拉森 色登 额尔敦 宝音德力格尔 白音查干 "
    "青格勒 达布希拉图 苏日娜 乌仁图雅 查苏娜 阿拉腾苏和 伊拉 特木尔 萨仁 赛汗 呼和 敖特根"
).split()
DOTTED = "布和·巴特尔 娜仁·托娅 乌云·其木格 额尔敦·达来 阿拉坦·仓".split()


def _pairs(text: str) -> dict[str, str]:
    return {pair[0]: pair[1] for pair in text.split()}


SAME_SOUND = _pairs(
    "如茹 娜那 图途 其琪 格阁 伟玮 霞侠 英瑛 平萍 军君 芳方 燕艳 红虹 明铭 志智 梅玫 文雯 国帼 海孩 高皋 张章 王汪 "
    "陈沉 徐许 巴芭 仁任 丽莉 静婧 兰蓝 勇永 杰洁 建健 涛滔 玉钰 花华 萨卅 布部 吉及"
)
SAME_LOOK = _pairs(
    "侯候 未末 土士 己已 杨扬 静净 晓浇 娟涓 莲连 源原 然燃 洋样 刚岗 敏敢 王玉 郝赦 乌鸟 材财"
)
OLD_FORM = _pairs("张張 刘劉 陈陳 杨楊 赵趙 黄黃 吴吳 孙孫 马馬 伟偉 丽麗 国國 飞飛 云雲 兰蘭 乌烏 图圖")
AREAS = ("150621", "150626", "152724", "152726", "612732", "140926")
LIKE = {"0": "O", "1": "l", "X": "×", "5": "S", "8": "B"}


@dataclass(frozen=True)
class Style:
    """How an office writes: which columns it has, and per cent of rows each damage meets."""

    columns: tuple[str, ...] = ("village",)
    id_damage: str = ""
    name_damage: str = ""
    strangers: tuple[str, ...] = ("random", "namesake", "near_id", "sibling", "twin", "broken_near")


STYLES = {
    "department": Style(
        ("village",),
        "missing 3 wrong_digit 3 transposed 3 truncated 3 disability20 2 fifteen 1 fullwidth 1 spaces 1",
        "homophone 6 lookalike 2 dots 30 traditional 1",
    ),
    "platform": Style(
        ("village", "birth", "sex"),
        "missing 12 wrong_digit 8 transposed 6 truncated 10 scientific 2 quotes 2",
        "homophone 10 lookalike 4 dots 50 lost 3 reversed 2",
    ),
    "tax": Style(
        (),
        "missing 1 wrong_digit 4 transposed 4 lookalike 2 lower_x 5 extra 1",
        "homophone 5 traditional 3 dots 40",
    ),
    "school": Style(
        ("birth", "phone", "head"),
        "missing 8 wrong_digit 5 dropped 2 truncated 4",
        "homophone 8 lookalike 3 lost 2 dots 30",
        ("random", "namesake", "twin", "sibling"),
    ),
    "disabled": Style(
        ("village", "sex"),
        "disability20 60 missing 2 wrong_digit 4 transposed 3 fifteen 3",
        "homophone 8 lookalike 3 reversed 4 dots 40",
    ),
    "births": Style(  # no numbers at all
        ("village", "birth", "sex"),
        "missing 100",
        "homophone 8 lookalike 3 dots 30",
        ("random", "namesake", "namesake", "sibling"),
    ),
    "wild": Style(
        ("village", "birth", "sex", "phone", "head"),
        "missing 10 wrong_digit 12 transposed 10 truncated 12 two_digits 4 fullwidth 5 extra 3 dropped 3",
        "homophone 15 lookalike 6 dots 50 lost 4 reversed 4 traditional 5",
    ),
}


@dataclass(frozen=True)
class World:
    """People, the rows of a list, and for every row the record it is about, '' for a stranger."""

    people: list[Person]
    rows: list[Wanted]
    truth: dict[int, str]


def id_number(rng: random.Random, birth: date, sex: str, area: str = "") -> str:
    """An invented number whose check digit fits and whose tail does not look cut."""
    while True:
        sequence = rng.randrange(int(sex), 999, 2) if sex == "1" else rng.randrange(2, 998, 2)
        body = f"{area or rng.choice(AREAS)}{birth:%Y%m%d}{sequence:03d}"
        if not (body + check_digit(body)).endswith("000"):
            return body + check_digit(body)


def born(rng: random.Random, first: int = 1930, last: int = 2024) -> date:
    """Some day of those years."""
    return date(rng.randint(first, last), rng.randint(1, 12), rng.randint(1, 28))


def people_of(seed: int, count: int, villages: int = 8) -> list[Person]:
    """Households in villages: few surnames, brothers sharing a character, twins, fathers and sons of one name."""
    rng = random.Random(seed)
    people: list[Person] = []
    while len(people) < count:
        people += _household(rng, len(people), villages)
    return people[:count]


def _household(rng: random.Random, start: int, villages: int) -> list[Person]:
    scope = rng.randrange(villages)
    mongolian = rng.random() < 0.33
    surname, generation = rng.choice(SURNAMES), rng.choice(GIVEN)
    names = [_name(rng, mongolian, surname)]
    for relation in range(rng.randint(0, 4)):
        if relation == 0:
            names.append(_name(rng, mongolian, rng.choice(SURNAMES)))
        elif mongolian:
            names.append(names[0] if rng.random() < 0.01 else _name(rng, True, surname))
        else:
            names.append(surname + generation + rng.choice(GIVEN))
    phone = f"13{rng.randint(0, 999999999):09d}"
    found: list[Person] = []
    for index, name in enumerate(names):
        child = index >= 2
        birth, sex = born(rng, 1995 if child else 1930, 2024 if child else 2003), rng.choice("12")
        number = id_number(rng, birth, sex)
        if child and index > 2 and rng.random() < 0.05:  # a twin: the number right after
            before = found[-1].id_number
            body = before[:14] + f"{min(int(before[14:17]) + 2, 998):03d}"
            number, sex = body + check_digit(body), found[-1].sex
            birth = date.fromisoformat(found[-1].birth)
        found.append(
            Person(
                f"r{start + index:06d}",
                f"1506211022{scope:02d}",
                f"{'巴音 查干 乌兰 哈达 新民 东胜 柳沟 沙日'.split()[scope % 8]}{scope // 8 or ''}村",
                name,
                number,
                birth.isoformat(),
                sex,
                f"h{start}",
                names[0],
                f"{start % 6 + 1}组",
                phone if rng.random() < 0.7 else f"15{rng.randint(0, 999999999):09d}",
            )
        )
    return found


def _name(rng: random.Random, mongolian: bool, surname: str) -> str:
    if mongolian:
        return rng.choice(DOTTED) if rng.random() < 0.1 else rng.choice(MONGOLIAN)
    return surname + "".join(rng.choice(GIVEN) for _ in range(rng.choice((1, 2, 2))))


def world(
    style: str, seed: int, people: int = 5000, rows: int = 1350, strangers: int = 150, villages: int = 8
) -> World:
    """A register whose own numbers are a little damaged, and a list about some of its people and some strangers."""
    manner = STYLES[style]
    rng = random.Random(f"{style}{seed}")
    true_people = people_of(seed, people, villages)
    register = [_registered(rng, person) for person in true_people]
    chosen = rng.sample(range(people), rows - strangers)
    found: list[tuple[Wanted, str]] = [
        (_row(rng, manner, true_people[at]), true_people[at].record) for at in chosen
    ]
    for _ in range(strangers):
        found.append((_row(rng, manner, _stranger(rng, manner, true_people)), ""))
    rng.shuffle(found)
    rows_ = [replace(row, key=key) for key, (row, _) in enumerate(found)]
    return World(register, rows_, {key: record for key, (_, record) in enumerate(found)})


def _registered(rng: random.Random, person: Person) -> Person:
    number, draw = person.id_number, rng.random()
    birth = person.birth if rng.random() < 0.5 else ""
    for share, damage in (
        (0.01, "truncated"),
        (0.02, "transposed"),
        (0.025, "wrong_digit"),
        (0.035, "missing"),
    ):
        if draw < share:
            number = damaged_number(rng, number, damage)
            break
    return replace(person, id_number=number, birth=birth)


def _row(rng: random.Random, manner: Style, person: Person) -> Wanted:
    number = damaged_number(rng, person.id_number, _drawn(rng, _shares(manner.id_damage)))
    name = person.name
    for damage, share in _shares(manner.name_damage).items():
        if rng.random() < share:
            name = damaged_name(rng, name, damage)
    columns = manner.columns
    village = rng.choice((person.village, person.village.replace("村", "嘎查"), "白泥井镇" + person.village))
    return Wanted(
        0,
        name,
        number,
        birth=date.fromisoformat(person.birth) if "birth" in columns else None,
        sex=person.sex if "sex" in columns else "",
        village=village if "village" in columns else "",
        phone=person.phone if "phone" in columns and rng.random() < 0.6 else "",
        head_name=person.head_name if "head" in columns and rng.random() < 0.6 else "",
    )


def _shares(text: str) -> dict[str, float]:
    """``missing 3 spaces 1``: per cent by name, as parts of one."""
    words = text.split()
    return {name: int(share) / 100 for name, share in zip(words[::2], words[1::2], strict=True)}


def _drawn(rng: random.Random, shares: Mapping[str, float]) -> str:
    draw = rng.random()
    for damage, share in shares.items():
        draw -= share
        if draw < 0:
            return damage
    return ""


def _other_name(rng: random.Random, surname: str, name: str) -> str:
    """A name that does not sound like another: who has both a number and a name in common is nobody's stranger."""
    while spelled(other := _name(rng, False, surname)) == spelled(name):
        pass
    return other


def _stranger(rng: random.Random, manner: Style, people: Sequence[Person]) -> Person:
    """Somebody who is not in the register but is like somebody who is."""
    base, sort = rng.choice(people), rng.choice(manner.strangers)
    birth, sex = born(rng), rng.choice("12")
    other = replace(
        base, record="", id_number=id_number(rng, birth, sex), birth=birth.isoformat(), sex=sex, phone="",
        household="",
        head_name=rng.choice(people).head_name,
    )  # fmt: skip
    surname = base.name[0] if base.name not in MONGOLIAN else rng.choice(SURNAMES)
    match sort:
        case "random":
            return replace(other, name=_name(rng, rng.random() < 0.3, rng.choice(SURNAMES)))
        case "near_id":
            at = rng.randrange(6, 17)
            body = base.id_number[:at] + str((int(base.id_number[at]) + 1) % 10) + base.id_number[at + 1 : 17]
            try:
                date(int(body[6:10]), int(body[10:12]), int(body[12:14]))
            except ValueError:
                body = base.id_number[:14] + f"{(int(base.id_number[14:17]) + 4) % 999:03d}"
            return replace(
                other, name=_other_name(rng, surname, base.name), id_number=body + check_digit(body),
                birth=f"{body[6:10]}-{body[10:12]}-{body[12:14]}",
                sex="1" if int(body[16]) % 2 else "2",
            )  # fmt: skip
        case "broken_near":
            number = damaged_number(rng, base.id_number, "wrong_digit")
            return replace(
                other,
                name=_other_name(rng, surname, base.name),
                id_number=number,
                sex=base.sex,
                birth=base.birth,
            )
        case "sibling":
            return replace(other, name=base.name[:-1] + rng.choice(GIVEN))
        case "twin":
            body = base.id_number[:14] + f"{(int(base.id_number[14:17]) + 2) % 999:03d}"
            names = [base.name[:-1] + char for char in rng.sample(GIVEN, 5)]
            name = next(name for name in names if spelled(name) != spelled(base.name))
            return replace(base, record="", name=name, id_number=body + check_digit(body))
    return other  # a namesake of the same village


def damaged_number(rng: random.Random, number: str, damage: str) -> str:
    """The number as a careless hand or program writes it."""
    at = rng.randrange(6, 17)
    match damage:
        case "missing":
            return rng.choice(("", "", "无"))
        case "wrong_digit":
            return number[:at] + rng.choice([d for d in "0123456789" if d != number[at]]) + number[at + 1 :]
        case "two_digits":
            once = damaged_number(rng, number, "wrong_digit")
            return damaged_number(rng, once, "wrong_digit")
        case "transposed":
            places = [at for at in range(6, 16) if number[at] != number[at + 1]]
            at = rng.choice(places)
            return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        case "truncated":
            return number[:15] + "000"
        case "scientific":
            return f"{number[0]}.{number[1:15]}E+17"
        case "fifteen":
            return number[:6] + number[8:17] if number[6:8] == "19" else number
        case "disability20":
            return number + rng.choice("1234567") + rng.choice("1234")
        case "fullwidth":
            return "".join(chr(ord(char) + 0xFEE0) for char in number)
        case "spaces":
            return f"{number[:6]} {number[6:14]} {number[14:]}"
        case "quotes":
            return "'" + number + "\t"
        case "lower_x":
            return number.lower()
        case "lookalike":
            return "".join(LIKE.get(char, char) if rng.random() < 0.3 else char for char in number)
        case "extra":
            return number[:at] + number[at] + number[at:]
        case "dropped":
            return number[:at] + number[at + 1 :]
    return number


def _swapped_in(rng: random.Random, name: str, table: Mapping[str, str]) -> str:
    places = [at for at, char in enumerate(name) if char in table]
    if not places:
        return name
    at = rng.choice(places)
    return name[:at] + table[name[at]] + name[at + 1 :]


def damaged_name(rng: random.Random, name: str, damage: str) -> str:
    """The name as somebody heard, saw or typed it."""
    changes: dict[str, Callable[[], str]] = {
        "homophone": lambda: _swapped_in(rng, name, SAME_SOUND),
        "lookalike": lambda: _swapped_in(rng, name, SAME_LOOK),
        "traditional": lambda: "".join(OLD_FORM.get(char, char) for char in name),
        "dots": lambda: name.replace("·", rng.choice(("", ".", "•", "・", " "))),
        "lost": lambda: (
            name[: (at := rng.randrange(1, len(name)))] + name[at + 1 :] if len(name) > 2 else name
        ),
        "reversed": lambda: name[1:] + name[0] if len(name) < 4 else name,
    }
    return changes[damage]()


@dataclass(frozen=True)
class Tally:
    """How right the answers are; the rows that are not, by key."""

    precision: float
    sure: float
    reviewed: float
    wrong: tuple[int, ...]
    missed: tuple[int, ...]


def tally(made: World, answers: Sequence[Match]) -> Tally:
    """Precision of what is sure; recall of what is sure, and with the first three proposals in review."""
    wrong, missed, right, near = [], [], 0, 0
    known = sum(bool(record) for record in made.truth.values())
    for answer in answers:
        meant = made.truth[answer.key]
        if answer.sure and (answer.person is None or answer.person.record != meant):
            wrong.append(answer.key)
        elif answer.sure:
            right += 1
        elif meant:
            first = [answer.person] if answer.person else []
            shown = [*first, *(one.person for one in answer.rivals)][:3]
            if any(one.record == meant for one in shown):
                near += 1
            else:
                missed.append(answer.key)
    claimed = right + len(wrong)
    return Tally(
        right / claimed if claimed else 1.0,
        right / known,
        (right + near) / known,
        tuple(wrong),
        tuple(missed),
    )
