"""The empty table for bringing in people, with examples and an explanation on sheets of their own."""

from __future__ import annotations

from studyhub.formats.people_table import COLUMNS
from studyhub.formats.table_writing import TableFormat, write_csv, write_xlsx

__all__ = ["TableFormat", "template"]

_FIELDS = (
    "login", "staff_number", "name", "kana", "email", "roles", "bureau", "division", "section", "team", "title", "kind",
    "heads_unit", "starts_on", "ends_on",
)  # fmt: skip
_EXAMPLES = (
    ("hanako.rei", "900123", "例田 花子", "レイダ ハナコ", "", "職員", "見本局", "", "企画課", "", "主事", "本務", "",
     "2027-04-01", ""),
    ("hanako.rei", "", "例田 花子", "", "", "", "見本局", "", "調整課", "", "", "兼務", "", "2027-04-01", "2028-03-31"),
    ("mari.mihon", "900045", "見本 真理", "ミホン マリ", "", "職員・管理職", "見本局", "", "企画課", "", "課長", "本務",
     "○", "2027-04-01", ""),
)  # fmt: skip
_EXPLAINED = {
    "login": ("必須。半角の英小文字・数字と . _ @ + -、2〜80文字。同じ人かどうかはこの列で判断します。",
              "Required. Lower-case letters, digits and . _ @ + -, 2 to 80. Says who a row is about."),
    "staff_number": ("人ごとに一つ。空欄でもかまいません。", "One for each person; may be empty."),
    "name": ("必須。姓と名の間に空白を入れます。", "Required. A blank between family and given name."),
    "kana": ("かな。並べ替えに使います。", "Kana, for sorting."),
    "email": ("空欄でもかまいません。", "May be empty."),
    "roles": ("職員・講師・管理職・管理者。複数は「・」で区切ります。空欄は、新しい人なら職員です。",
              "officer, lecturer, supervisor, administrator; several with commas. Empty is officer for somebody new."),
    "bureau": ("所属。ない段は空欄にします。まだない組織は新しく作ります。",
               "The unit. Leave levels empty that it has not. Units that are not there are opened."),
    "division": ("同上", "As above"),
    "section": ("同上", "As above"),
    "team": ("同上", "As above"),
    "title": ("主事、課長など", "Title of the post"),
    "kind": ("本務か兼務。空欄は本務です。兼務の人は行を増やします。",
             "main or concurrent; empty is main. A concurrent post is a row of its own."),
    "heads_unit": ("その組織の長なら○", "yes for the head of the unit"),
    "starts_on": ("着任日。空欄は取り込む日です。今の本務と違う組織なら、前日で異動になります。",
                  "First day; empty is the day of the import. Another unit is a transfer: the old post ends the day "
                  "before."),
    "ends_on": ("最後の日（その日を含む）。空欄は「決まっていない」", "Last day, included; empty is open."),
}  # fmt: skip


def template(format_: TableFormat, *, english: bool) -> bytes:
    """The first sheet is empty but for its headings: examples that stay in it would be brought in as people."""
    place = 1 if english else 0
    headings = [COLUMNS[field][place] for field in _FIELDS]
    if format_ is TableFormat.CSV:
        return write_csv(headings, ())
    explained = [
        (heading, _EXPLAINED[field][place]) for heading, field in zip(headings, _FIELDS, strict=True)
    ]
    words = ("people", "examples", "columns") if english else ("職員", "記入例", "列の説明")
    return write_xlsx(
        [
            (words[0], headings, ()),
            (words[1], headings, _EXAMPLES),
            (words[2], ("column", "meaning") if english else ("列", "説明"), explained),
        ]
    )
