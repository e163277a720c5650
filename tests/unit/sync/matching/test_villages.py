"""Which villages a written name may mean."""

import pytest

from sync.matching import Villages

TITLES = {
    "150621102200": "查干沟嘎查村",
    "150621104214": "查干沟村委会",
    "150621102201": "巴音淖尔村",
    "150621102202": "乌兰木独村",
    "150621102001": "白泥井社区",
    "150621102203": "白泥井村",
    "150621100200": "村头村",
}
TOWNSHIPS = {"150621102200": "白泥井镇", "150621104214": "昭君镇", "150621102201": "白泥井镇"}
BOTH = ("150621102200", "150621104214")


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("查干沟嘎查", BOTH),  # three villages of the banner are called so: never one of them by its name
        ("查干沟嘎查村", BOTH),
        ("查干沟村", BOTH),
        (" 查干沟 村 ", BOTH),
        ("白泥井镇查干沟嘎查", ("150621102200",)),
        ("昭君镇查干沟", ("150621104214",)),
        ("内蒙古自治区鄂尔多斯市达拉特旗白泥井镇查干沟嘎查3组", ("150621102200",)),
        ("巴音淖尔", ("150621102201",)),
        ("巴音淖尔村民委员会", ("150621102201",)),
        ("树林召镇巴音淖尔村", ()),
        ("白泥井社区", ("150621102001",)),
        ("白泥井村", ("150621102203",)),
        ("白泥井镇白泥井村", ("150621102203",)),
        ("白泥井", ("150621102001", "150621102203")),
        ("村头村", ("150621100200",)),
        ("乌兰木独村二社", ("150621102202",)),
        ("白泥井镇", ()),
        ("外村", ()),
        ("", ()),
    ],
)
def test_scopes(text: str, scopes: tuple[str, ...]) -> None:
    assert Villages(TITLES, TOWNSHIPS).scopes(text) == scopes


def test_without_townships_a_repeated_name_stays_open() -> None:
    assert Villages(TITLES).scopes("白泥井镇查干沟嘎查") == BOTH
