"""The telephone directory from outside: a list taken over, written out again, given down to a village."""

from collections.abc import Callable
from pathlib import Path

from tests.e2e.conftest import ONE, TWO, Program, World

LIST = (
    "各有关单位联络员及联系方式\n单位名称,联络员姓名,职务,联系方式\n白泥井镇医保办,高娃,经办员,0477-5550101\n"
    "旗民政局,苏和,股长,0477-5550202\n查干沟嘎查村,巴图,联络员,13900000001\n某处,无名,,打他家\n"
)


def test_a_directory_is_taken_over_written_and_given_down(
    world: World, program: Program, copied: Callable[..., Path], tmp_path: Path
) -> None:
    office, village = copied(world.office), copied(world.villages[ONE])
    source = tmp_path / "通讯录.csv"
    source.write_bytes(LIST.encode("gb18030"))
    looked = program("contacts", "import", office, source, "--share", "--dry-run", "--json").data
    assert (looked["written"], len(looked["entries"])) == (0, 3)
    done = program("contacts", "import", office, source, "--share", "--json")
    assert done.data["written"] == 3 and "某处" in done.err
    again = program("contacts", "import", office, source, "--share", "--json").data
    assert again["written"] == 0
    rows = program("contacts", "list", office, "--json").data["contacts"]
    assert [(one["unit"], one["kind"], one["shared"]) for one in rows] == [
        ("白泥井镇医保办", "office", True),
        ("旗民政局", "department", True),
        ("查干沟嘎查村", "village", False),
    ]
    (ring,) = program("contacts", "list", office, "--village", ONE, "--json").data["contacts"]
    assert ring["phone"] == "13900000001"
    program(
        "contacts",
        "add",
        office,
        "--unit",
        "巴音淖尔村",
        "--kind",
        "village",
        "--code",
        TWO,
        "--phone",
        "13900000008",
    )
    program("contacts", "add", office, "--unit", "某村", "--phone", "打他家", code=3)
    for name in ("通讯录.xlsx", "通讯录2.csv", "通讯录.pdf"):
        assert program("contacts", "write", office, "-o", tmp_path / name, "--json").data["rows"] == 4
    read = program(
        "contacts", "import", office, tmp_path / "通讯录.xlsx", "--share", "--dry-run", "--json"
    ).data
    assert len(read["entries"]) == 4  # what is written is read again
    program("contacts", "write", office, "-o", tmp_path / "通讯录.doc", code=2)
    program("send", office, "-o", tmp_path / "down")
    program("receive", village, tmp_path / "down", code=3)  # files of other villages are among them
    down = program("contacts", "list", village, "--json").data["contacts"]
    assert {one["unit"] for one in down} == {"白泥井镇医保办", "旗民政局"}
    program("contacts", "remove", office, "--id", rows[1]["id"])
    program("contacts", "remove", office, "--id", rows[1]["id"], code=3)
    assert len(program("contacts", "list", office, "--json").data["contacts"]) == 3
