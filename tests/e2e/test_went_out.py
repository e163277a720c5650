"""The log of what went out on the command line."""

from tests.e2e.conftest import Program, World


def test_every_file_that_was_made_is_listed(program: Program, world: World) -> None:
    out = program.folder / "新参.xlsx"
    program("list", world.one, "new", "-o", out, "--full-ids", "--why", "镇里要核对")
    found = program.json("exports", world.one)["exports"]
    assert found[0]["file"] == "新参.xlsx" and not found[0]["masked"] and found[0]["why"] == "镇里要核对"
    assert found[0]["title"] == "新参人员"
    assert len(program.json("exports", world.one, "--most", 1)["exports"]) == 1
