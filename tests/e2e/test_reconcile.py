"""Ledger and lists compared from the command line: listed, answered, sent to the village, replied to, as tables."""

import openpyxl
import pytest

from tests.e2e.conftest import ONE, PEOPLE, TOWN, Program, ids, register


def tax(*people: tuple[str, str]) -> bytes:
    """A tax office's list of (name, amount)."""
    lines = ["纳税人识别号,纳税人名称,征收项目,费款所属期,实缴金额,缴费日期,电子税票号码"]
    for at, (name, amount) in enumerate(people, 1):
        number = ids(name)[1]
        lines.append(f"{number}\t,{name},城乡居民基本医疗保险费,2026,{amount},2025-11-01,T{at:04d}")
    return "\n".join(lines).encode("gb18030")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A township whose village reported two payments; the tax list has one of them, lower, and another person's."""
    folder = tmp_path_factory.mktemp("reconcile")
    program = Program(folder, folder / "data")
    (folder / "花名册.csv").write_bytes(register("查干沟嘎查村", PEOPLE).encode("gbk"))
    program.json("office", "create", "O", "--code", TOWN, "--name", "白泥井镇")
    program.json("kit", "O", "--village", ONE, "--name", "查干沟嘎查村", "-o", "K.hqk")
    program.json("village", "create", "V", "--kit", "K.hqk", "--operator", "王联络员")
    program.json("intake", "V", "花名册.csv")
    program.json("record", "V", "paid", *ids("那顺"), "--date", "2025-10-08")
    program.json("record", "V", "paid", *ids("其其格"), "--date", "2025-10-08", "--amount", "350")
    program.json("send", "V", "-o", "up")
    program.json("receive", "O", "up")
    (folder / "税务.csv").write_bytes(tax(("其其格", "400"), ("刘建国", "400")))
    program.json("intake", "O", "税务.csv")
    return program


def codes(program: Program, *words: object) -> dict[str, str]:
    return {one["code"]: one["id"] for one in program.json("reconcile", "O", *words)["differences"]}


def test_differences_from_the_list_to_the_village_and_back(program: Program) -> None:
    told = program.json("reconcile", "O")
    assert sorted(one["code"] for one in told["differences"]) == ["amounts", "unposted", "unreported"]
    assert (told["whole"], told["counts"]["open"]) == (3, 3)
    by_code = {one["code"]: one for one in told["differences"]}
    amounts = by_code["amounts"]
    assert (amounts["ledger"]["amount"], amounts["list"]["amount"], amounts["proposal"]) == (
        35000,
        40000,
        "list",
    )
    assert by_code["unreported"]["told"]["file"] == "税务.csv"
    assert "****" in amounts["number"]
    plain = program.quick("reconcile", "O").out
    assert amounts["id"] in plain and "共 3 条 = 待核对 3" in plain

    dry = program.json("reconcile", "O", "--all", "--dry-run")
    assert sorted(one.split(".")[0] for one in dry["settled"]) == ["amounts", "unreported"]
    assert program.json("reconcile", "O") == told

    done = program.json("reconcile", "O", "--all")
    assert (done["before"], done["became"], done["now"]) == (3, {"settled": 2, "open": 1}, 1)
    asked = program.json(
        "reconcile", "O", "--accept", by_code["unposted"]["id"], "--answer", "ask", "--why", "有票据吗？"
    )
    assert (asked["became"], asked["now"]) == ({"asked": 1}, 0)
    counts = program.json("reconcile", "O")["counts"]
    assert (counts["settled"], counts["asked"], sum(counts.values())) == (2, 1, 3)

    program.json("send", "O", "-o", "down")
    program.json("receive", "V", "down")
    seen = {one["code"]: one for one in program.json("reconcile", "V")["answers"]}
    assert (seen["amounts"]["answer"], seen["amounts"]["asked"]) == ("list", False)
    assert (seen["unposted"]["why"], seen["unposted"]["asked"]) == ("有票据吗？", True)
    assert program.status("V")["amount"] == 80000 + 40000
    program.json(
        "reconcile", "V", "--reply", seen["unposted"]["id"], "--answer", "other", "--why", "票据在镇里"
    )
    program.json("send", "V", "-o", "up2")
    program.json("receive", "O", "up2")
    (answered,) = program.json("reconcile", "O", "--status", "answered")["differences"]
    assert (answered["code"], answered["reply"], answered["reply_note"]) == (
        "unposted",
        "other",
        "票据在镇里",
    )


def test_tables_for_the_villages(program: Program) -> None:
    (name,) = program.json("reconcile", "O", "--xlsx", "tables")["files"]
    rows = list(openpyxl.load_workbook(program.folder / "tables" / name).active.iter_rows(values_only=True))
    text = " ".join(str(cell) for row in rows for cell in row if cell is not None)
    assert "查干沟嘎查村" in name and "那顺" in text and "****" in text
    assert ids("那顺")[1] not in text


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("O", "--accept", "amounts.00000000"), 3, "question.unknown"),
        (("O", "--all", "--answer", "ask"), 2, "use.reconcile"),
        (("V", "--reply", "amounts.00000000"), 3, "question.unknown"),
    ],
)
def test_what_is_refused(program: Program, words: tuple[str, ...], code: int, told: str) -> None:
    assert program.quick("reconcile", *words, "--json", code=code).data["code"] == told


def test_leaving_it_takes_a_reason(program: Program) -> None:
    name = codes(program)["unposted"]
    done = program.quick("reconcile", "O", "--accept", name, "--answer", "leave", "--json", code=3)
    assert done.data["code"] == "reconcile.why"
