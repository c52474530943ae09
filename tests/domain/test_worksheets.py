from __future__ import annotations

import pytest

from studyhub.domain.errors import Invalid
from studyhub.domain.worksheets import (
    FieldKind,
    SheetField,
    field_from_data,
    field_to_data,
    missing,
    read_values,
)

LINE = SheetField("who", "どんな人か", FieldKind.LINE, required=True, limit=10)
TEXT = SheetField("situation", "状況", FieldKind.TEXT)
LIST = SheetField("wants", "したいこと", FieldKind.LIST, limit=5)
CHOICE = SheetField("place", "手を付ける所", FieldKind.CHOICE, options=("流れ", "様式"))
TABLE = SheetField("check", "確かめ方", FieldKind.TABLE, columns=("何を", "だれに"), rows=3, limit=8)
FORM = (LINE, TEXT, LIST, CHOICE, TABLE)


def values(**sent: str) -> dict[str, object]:
    return dict(read_values(FORM, lambda name: sent.get(name.replace(".", "_"), "")))


def test_what_is_sent_becomes_a_value_of_each_kind() -> None:
    found = values(who=" みさき ", wants="一\r\n\r\n 二 ", place="様式", check_0_0="日", check_1_1="窓口")
    assert found == {
        "who": "みさき",
        "situation": "",
        "wants": ["一", "二"],
        "place": "様式",
        "check": [["日", ""], ["", "窓口"]],
    }


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"who": "あ" * 11}, "who"),
        ({"wants": "一\n" + "あ" * 6}, "wants"),
        ({"place": "ほかのもの"}, "place"),
        ({"check_2_1": "あ" * 9}, "check"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_field(sent: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        values(**sent)
    assert refused.value.field == field


def test_a_sheet_lacks_its_required_fields_until_they_are_written() -> None:
    assert missing(FORM, {}) == (LINE,)
    assert missing(FORM, {"who": "みさき"}) == ()


@pytest.mark.parametrize("field", FORM)
def test_a_field_is_read_back_as_stored(field: SheetField) -> None:
    assert field_from_data(field_to_data(field)) == field
