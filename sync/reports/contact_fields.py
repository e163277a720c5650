"""What a form can say of an entry of the telephone directory: work numbers, so nothing is masked."""

from sync.reports.field import Field

_KINDS = {"office": "医保办", "department": "部门", "village": "嘎查村（社区）", "other": "其他"}


def contact() -> dict[str, Field]:
    """The fields of an entry."""
    return {
        "unit": Field("单位名称", lambda row, _: row.unit, 12),
        "unit_kind": Field("单位类别", lambda row, _: _KINDS.get(row.unit_kind, row.unit_kind), 6),
        "name": Field("联络员姓名", lambda row, _: row.name, 6),
        "post": Field("职务", lambda row, _: row.post, 8),
        "phone": Field("联系方式", lambda row, _: row.phone, 9),
        "note": Field("备注", lambda row, _: row.note, 10),
        "code": Field("区划代码", lambda row, _: row.unit_code, 8),
        "shared": Field("下发", lambda row, _: "是" if row.shared else "", 3),
    }
