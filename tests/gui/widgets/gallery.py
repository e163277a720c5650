"""All widgets on one page, to look at: `python tests/gui/widgets/gallery.py DIR` writes PNGs.

Sizes are those of a 1366×768 laptop at 100 % and 150 %, and with large text.
"""

import os
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from gui import i18n, theme
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card, Stat, StatCard
from gui.widgets.fields import ChoiceRow, DateField, FormField, MoneyField
from gui.widgets.labels import TagLine, label, strong
from gui.widgets.nav import NavEntry, NavList
from gui.widgets.notices import BusyBar, EmptyState, Notice
from gui.widgets.pieces import Bar, Key, Tag, Text, two_lines
from gui.widgets.rows import Column, RowsModel
from gui.widgets.search import SearchBox
from gui.widgets.tables import TableView

TODAY = date(2025, 12, 3)
LONG = "阿拉坦其其格·乌云毕力格·斯琴高娃·布仁巴雅尔·敖日格勒·额尔敦其木格·娜仁托娅·苏日娜"


@dataclass(frozen=True)
class Case:
    """A line of today's table."""

    number: str
    head: str
    person: str
    age: str
    tags: tuple[Tag, ...]
    what: str
    until: str


CASES = [
    Case(
        "02组 0017",
        "那顺",
        "其其格",
        "72 岁",
        (Tag("特殊群体未参保", "bad"), Tag("低保")),
        "先缴 400 元，旗里退 350 元；无智能手机，上门用 POS",
        "12-25",
    ),
    Case(
        "01组 0004",
        "韩占山",
        "韩梓涵",
        "出生 52 天",
        (Tag("新生儿 90 天内", "warn"),),
        "凭出生证明登记，缴费后自出生起享受",
        "1-09",
    ),
    Case(
        "03组 0031",
        "刘桂兰",
        LONG,
        "41 岁",
        (Tag("断保 2 年", "warn"), Tag("约定今天", "info")),
        "电话 138****7203；期内续缴，等待期按政策",
        "今天",
    ),
    Case(
        "05组 0052",
        "乌力吉",
        "乌力吉 等 4 人",
        "",
        (Tag("已缴待到账 23 天", "warn"),),
        "核对票号 3150…0417，与税务名单不符",
        "—",
    ),
]
VILLAGES = [
    ("巴音淖尔村", 1980, 1932, 0.976, "今天 08:12"),
    ("查干沟嘎查", 1043, 1001, 0.960, "昨天"),
    ("乌兰木独村", 3304, 3050, 0.923, "12-01"),
    ("敖包梁嘎查", 960, 801, 0.834, "9 天前"),
]


def nav() -> NavList:
    """The left column."""
    column = NavList("户清")
    column.set_place("查干沟嘎查", "2026 年度")
    names = ["今日", "住户", "走访", "名单导入", "待处理", "收发", "报表", "启用包与设备", "设置"]
    counts = {"走访": (2, False), "待处理": (6, True), "收发": (1, False)}
    column.set_entries([NavEntry(n, n, *counts.get(n, (0, False))) for n in names])
    column.select("今日")
    column.set_foot("已加密 · 今天 09:12 备份", "上次报送 12-01，回执已到")
    return column


def today_page() -> QWidget:
    """Cards, a table, a list: the temper of the first page."""
    page = QWidget()
    page.setProperty("ground", True)
    grid = QGridLayout(page)
    stats = [
        Stat("已缴费", "812", "/ 1,043 人 · 77.9%", Bar(0.779, 0.95), f"距 95% 目标还差 {strong('179')} 人"),
        Stat(
            "医保电子凭证", "640", "/ 1,043 人 · 61.4%", Bar(0.614), f"其中未成年待亲情绑定 {strong('87')} 人"
        ),
        Stat(
            "特殊群体",
            "96",
            "/ 99 人 · 97.0%",
            Bar(0.97, 1.0, "warn"),
            f"12-25 前须 100%，还差 {strong('3', 'bad')} 人",
        ),
        Stat(
            "照此进度",
            "1 月 9 日",
            "",
            None,
            f"达到 95%（1-05 至 1-16）<br>比截止日晚 {strong('9', 'bad')} 天",
        ),
    ]
    grid.setRowStretch(1, 1)
    for i, stat in enumerate(stats):
        grid.setColumnStretch(i, 1)
        grid.addWidget(StatCard(stat), 0, i)
    model = RowsModel(
        [
            Column("户", lambda c: c.number, cell=lambda c: two_lines(c.number, c.head)),
            Column(
                "人员",
                lambda c: c.person,
                cell=lambda c: [[Text(c.person, "strong"), Text(c.age, "soft")]],
                width=150,
            ),
            Column("为什么", lambda c: c.tags[0].text, cell=lambda c: [c.tags], width=180),
            Column("怎么办", lambda c: c.what, stretch=True),
            Column("期限", lambda c: c.until),
        ]
    )
    model.set_rows(CASES)
    table = TableView(model, "今天先办这些户", wraps=True)
    table.selectRow(0)
    first = Card("今天先办这些户", KeyButton("打印走访清单", "P"))
    first.add(table, 1)
    grid.addWidget(first, 1, 0, 1, 3)
    rest = RowsModel(
        [
            Column("", lambda r: r[0], stretch=True),
            Column(
                "", lambda r: r[1], align="right", cell=lambda r: [[Text(r[1], "strong"), Text("人", "soft")]]
            ),
        ]
    )
    rest.set_rows(
        [("未缴费", "231"), ("待帮办代缴", "23"), ("电子凭证未激活", "403"), ("垫付未结清", "1,200")]
    )
    side = Card("其余工作")
    side.add(TableView(rest, "其余工作", header=False), 1)
    grid.addWidget(side, 1, 3)
    return page


def household_cell(household: tuple[str, str, list[Tag]]) -> list[list[Text] | list[Tag]]:
    """A household in a list: its head's name, group·number·people, and its tags."""
    name, where, tags = household
    return [[Text(name, "strong"), Text(where, "soft")], tags]


def parts_page() -> QWidget:
    """A household list, a table with keys and bars, a form, the states of a page."""
    page = QWidget()
    page.setProperty("ground", True)
    grid = QGridLayout(page)
    grid.setColumnStretch(1, 1)
    households = RowsModel(
        [Column("", lambda h: h[0], cell=household_cell, stretch=True)], key=lambda h: h[1]
    )
    households.set_rows(
        [
            ("那顺", "02组 0017 · 4 人", [Tag("欠 2", "bad"), Tag("帮办", "warn")]),
            ("娜仁格日勒", "02组 0018 · 3 人", [Tag("已缴齐", "ok"), Tag("凭证 1/3")]),
            ("那木吉拉", "04组 0044 · 2 人", [Tag("待到账 2", "info")]),
            ("阿拉坦其其格·乌云毕力格·斯琴高娃", "04组 0045 · 12 人", [Tag("职工参保")]),
        ]
    )
    found = TableView(households, "住户", header=False)
    found.setFixedWidth(theme.current().px(300))
    found.selectRow(0)
    grid.addWidget(found, 0, 0)
    people = RowsModel(
        [
            Column("人员", lambda p: p[0], cell=lambda p: two_lines(p[0], p[2], beside=p[1], strong=True)),
            Column("2026 缴费", lambda p: p[3].text, cell=lambda p: [[p[3], *p[4]], [Text(p[5], "soft")]]),
            Column("应参", lambda p: "1,043", align="right"),
            Column(
                "参保率",
                lambda p: f"{p[6]:.1%}",
                sort=lambda p: p[6],
                cell=lambda p: [
                    [Bar(p[6], 0.95, "warn" if p[6] < 0.9 else "main"), Text(f"{p[6]:.1%}", "strong")]
                ],
                width=190,
                stretch=True,
            ),
        ],
        key=lambda p: p[2],
        ticks=True,
    )
    people.set_rows(
        [
            ("那顺", "男 75", "150621********1213", Tag("未缴", "bad"), (Key("缴费", "1"),), "", 0.976),
            (
                "其其格",
                "女 72",
                "150621********0423",
                Tag("未缴", "bad"),
                (Key("缴费", "1"),),
                "无智能手机",
                0.5,
            ),
            ("布仁", "男 44", "150621********1517", Tag("已到账 400", "ok"), (), "10-12 小程序", 1.02),
        ]
    )
    people.tick(people.rows[1:2], True)
    members = TableView(people, "人员", wraps=True)
    members.selectRow(1)
    grid.addWidget(members, 0, 1)
    grid.addWidget(_form(), 1, 0, 2, 1)
    grid.addWidget(_villages(), 1, 1)
    grid.addWidget(_states(), 2, 1)
    return page


def _villages() -> QWidget:
    model = RowsModel(
        [
            Column("嘎查村", lambda v: v[0], cell=lambda v: [[Text(v[0], "strong")]]),
            Column("应参", lambda v: f"{v[1]:,}", sort=lambda v: v[1], align="right"),
            Column("已缴", lambda v: f"{v[2]:,}", sort=lambda v: v[2], align="right"),
            Column(
                "参保率",
                lambda v: f"{v[3]:.1%}",
                cell=lambda v: [[Bar(v[3], 0.95), Text(f"{v[3]:.1%}", "strong")]],
                stretch=True,
            ),
            Column("最近报送", lambda v: v[4], cell=lambda v: [[Text(v[4], "soft")]]),
        ]
    )
    model.set_rows(VILLAGES)
    return TableView(model, "村级一览")


def _form() -> QWidget:
    card = Card("记缴费")
    card.setMaximumWidth(theme.current().px(430))
    day, money = DateField(TODAY), MoneyField()
    day.setText("13-45")
    money.set_fen(40000)
    wrong = FormField("缴费日期", day)
    wrong.set_error("请写成 2025-11-03 或 11-03")
    channel = ChoiceRow(
        [("a", "小程序"), ("b", "移动 POS"), ("c", "上门办理"), ("d", "帮办代缴"), ("e", "银行预存")]
    )
    channel.choose("b")
    combo = QComboBox()
    combo.addItems(["本人", "村会计垫付"])
    for field in (
        wrong,
        FormField("金额", money, "2026 年度个人缴费 400 元（示例政策）"),
        FormField("渠道", channel),
        FormField("谁付的", combo),
    ):
        card.add(field)
    buttons = QHBoxLayout()
    buttons.addWidget(KeyButton("保存", "Ctrl+S", primary=True))
    off = KeyButton("不能保存")
    off.setEnabled(False)
    buttons.addWidget(off)
    buttons.addStretch(1)
    card.add(buttons)
    card.body.addStretch(1)
    return card


def _states() -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    busy = BusyBar()
    busy.tell("正在读取 查干沟嘎查花名册.xlsx", 1200, 5000)
    column.addWidget(busy)
    column.addWidget(
        TagLine(
            [Tag("已缴费", "ok"), Tag("待到账", "info"), Tag("帮办", "warn"), Tag("欠 2", "bad"), Tag("在校")]
        )
    )
    column.addWidget(
        EmptyState(
            "还没有住户",
            "把花名册拖到这里，或者选一个文件：.xlsx、.xls、.csv",
            KeyButton("导入花名册", "I", primary=True),
            KeyButton("逐户录入", "N"),
        ),
        1,
    )
    return box


def window(page: QWidget, size: QSize) -> QWidget:
    """A page in the frame it will live in."""
    outer = QWidget()
    outer.setProperty("ground", True)
    row = QHBoxLayout(outer)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    row.addWidget(nav())
    column = QVBoxLayout()
    head = QHBoxLayout()
    head.setSpacing(12)
    column.setSpacing(8)
    search = SearchBox("姓名 / 拼音首字母 / 证件尾号 / 电话 / 户号")
    search.setMaximumWidth(theme.current().px(470))
    head.addWidget(search, 3)
    head.addWidget(KeyButton("接收交换包…", "R", primary=True))
    head.addStretch(1)
    head.addWidget(label("集中征缴还剩 28 天"))
    column.addLayout(head)
    column.addWidget(page, 1)
    column.setContentsMargins(12, 10, 12, 10)
    row.addLayout(column, 1)
    outer.resize(size)
    return outer


def shoot(widget: QWidget, ratio: float) -> QImage:
    """What the widget looks like on a screen of that ratio."""
    widget.ensurePolished()
    widget.show()
    QApplication.processEvents()
    image = QImage(widget.size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    widget.render(image)
    widget.hide()
    return image


def gallery(folder: Path) -> list[Path]:
    """A PNG of each page at each size; a tone of the notice is on the second page."""
    app = QApplication.instance() or QApplication(["gallery"])
    i18n.install()
    made = []
    for name, ratio, scale in (("100", 1.0, 1.0), ("150", 1.5, 1.0), ("large", 1.0, theme.LARGE)):
        theme.apply(app, theme.load(scale=scale))
        for title, page in (("today", today_page()), ("parts", parts_page())):
            size = QSize(1366, 768) / ratio
            if title == "parts":
                size = QSize(size.width(), size.height() * 5 // 4)
            outer = window(page, size)
            if title == "today":
                notice = Notice(page)
                notice.tell("已记：其其格 缴费 400 元，移动 POS，12-03", undo=lambda: None)
            target = folder / f"{title}-{name}.png"
            assert shoot(outer, ratio).save(str(target))
            made.append(target)
            outer.deleteLater()
    return made


if __name__ == "__main__":
    gallery(Path(sys.argv[1]))
