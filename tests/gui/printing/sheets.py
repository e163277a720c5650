"""Visit sheets of invented people."""

from datetime import date

from storage.queries.visits import Boxes, VisitHousehold, VisitRow, VisitSheet

LONG = "阿拉坦其其格·乌云毕力格·斯琴高娃·布仁巴雅尔·敖日格勒·额尔敦其木格·娜仁托娅·苏日娜·巴图孟克·萨仁格日乐"
NAMES = ("那顺", "其其格", "阿木古楞", "刘建国", "刘欣怡", "乌力吉", "金小女", "门子一", "韩梓涵", "䶮㛃")
BOX = Boxes("box", "box", "box", "box", "box")


def row(
    number: int, name: str, *, why: str = "未缴费，12-25 前须缴", boxes: Boxes = BOX, note: str = ""
) -> VisitRow:
    """One person."""
    return VisitRow(number, name, 20 + number % 60, f"150621********{number % 10000:04d}", why, boxes, note)


def sheet(doors: list[tuple[str, list[str]]], **changes: object) -> VisitSheet:
    """A list of doors, each its group and the names of its people."""
    households, number = [], 0
    for index, (group, names) in enumerate(doors, 1):
        rows = []
        for name in names:
            number += 1
            rows.append(row(number, name))
        households.append(
            VisitHousehold(
                f"{index:04d}",
                group,
                names[0],
                len(names) + 1,
                "水房东第 3 户",
                "158****2330",
                "",
                tuple(rows),
            )
        )
    values: dict[str, object] = {
        "title": "查干沟嘎查 2026 年度城乡居民医保入户走访清单",
        "list_number": "07",
        "year": 2026,
        "filter_text": "未缴费或待帮办 · 二社、三社",
        "printed": date(2025, 12, 3),
        "households": tuple(households),
        "privacy": "含个人信息，用后交回，勿拍照转发",
        "qr_text": "HQ1/150621102200/7/K4QZ",
    }
    return VisitSheet(**{**values, **changes})  # type: ignore[arg-type]


def village(people: int) -> VisitSheet:
    """A list of so many people, three to a door, forty doors to a group."""
    doors = []
    for door in range((people + 2) // 3):
        names = [f"{NAMES[(door + n) % len(NAMES)]}{door}" for n in range(min(3, people - 3 * door))]
        doors.append((f"{door // 40 + 1}社", names))
    return sheet(doors)


def varied() -> VisitSheet:
    """One of everything: long names, rare characters, ticks, notes, a household longer than a page."""
    made = sheet(
        [("02组", ["那顺"]), ("02组", [LONG, "䶮㛃", "门子一"]), ("03组", [f"{n}号" for n in range(1, 31)])]
    )
    first, second, third = made.households
    people = (
        row(
            1, "那顺", why="低保，12-25 前须缴；先缴 400 退 350；POS 12-03", note="上次 12-02：约 12-05 上门"
        ),
        row(2, "其其格", why="同上；无智能手机", boxes=Boxes("box", "box", "ticked", "box", "box")),
        row(
            3, "阿木古楞", why="电子凭证待亲情绑定（布仁）", boxes=Boxes("none", "box", "none", "none", "box")
        ),
    )
    first = VisitHousehold(
        "0017", "02组", "那顺", 4, "查干沟二社水房东第 3 户", "158****2330", "12-02 约今日上门", people
    )
    second = VisitHousehold("0018", "02组", LONG, 9, "二社路北第 1 户" * 6, "", "狗凶" * 40, second.rows)
    return VisitSheet(
        **{f: getattr(made, f) for f in made.__slots__ if f != "households"},
        households=(first, second, third),
    )
