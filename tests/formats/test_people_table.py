"""Tables of people as offices send them."""

import io
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from studyhub.domain.identity import Role
from studyhub.domain.organisation import Level, PostKind
from studyhub.formats.people_table import COLUMNS, parse_date, read_people
from studyhub.formats.table import Limits, UnreadableTable, read_table

HEADINGS = "ログインID,職員番号,姓,名,セイ,メイ,メール,権限,局,部,課,係,職名,区分,所属長,着任日,離任日"
HANAKO = (
    "hanako,1001,佐藤,花子,サトウ,ハナコ,hanako@example.jp,職員,"
    "デジタル推進局,,企画課,,主事,本務,,2026-04-01,"
)


def table(*rows: str, headings: str = HEADINGS, encoding: str = "utf-8") -> bytes:
    return "\r\n".join((headings, *rows, "")).encode(encoding)


def codes(content: bytes) -> list[tuple[int, str]]:
    return [(found.line, found.code) for found in read_people(content, "people.csv").report.findings]


def only(content: bytes):
    reading = read_people(content, "people.csv")
    assert reading.report.findings == ()
    (located,) = reading.items
    return located.item


def workbook(*rows: list[object]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in (HEADINGS.split(","), *rows):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_a_row_gives_a_person_and_a_post():
    row = only(table(HANAKO))
    assert (row.person.login, row.person.staff_number) == ("hanako", "1001")
    assert (row.person.family_name, row.person.given_name) == ("佐藤", "花子")
    assert (row.person.family_kana, row.person.given_kana) == ("さとう", "はなこ")
    assert row.person.roles == {Role.OFFICER}
    assert row.post.unit == ((Level.BUREAU, "デジタル推進局"), (Level.SECTION, "企画課"))
    assert (row.post.title, row.post.kind, row.post.heads_unit) == ("主事", PostKind.MAIN, False)
    assert (row.post.starts_on, row.post.ends_on) == (date(2026, 4, 1), None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_the_encodings_of_the_office_are_read(encoding):
    assert only(table(HANAKO, encoding=encoding)).person.family_name == "佐藤"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_names_keep_the_signs_of_their_owners(encoding):
    assert only(table("kei,,髙﨑,圭" + "," * 13, encoding=encoding)).person.family_name == "髙﨑"


def test_a_sign_outside_the_basic_plane_is_kept():
    assert only(table("yuki,,𠮷田,雪" + "," * 13)).person.family_name == "𠮷田"


def test_english_headings_and_words_are_read():
    headings = "Login,Family Name,Given_Name,Roles,Section,Kind,Heads unit,Starts on"
    row = only(table("ken,髙﨑,健,officer; supervisor,道路課,concurrent,yes,2027/4/1", headings=headings))
    assert row.person.roles == {Role.OFFICER, Role.SUPERVISOR}
    assert (row.post.kind, row.post.heads_unit) == (PostKind.CONCURRENT, True)
    assert row.post.starts_on == date(2027, 4, 1)


def test_full_width_and_half_width_are_the_same():
    headings = "ＬＯＧＩＮ,職員番号（必須）,氏名,ﾌﾘｶﾞﾅ,権限,課,所属長,着任日"
    row = only(
        table(
            "Ｈａｎａｋｏ,１００１,佐藤　花子,ｻﾄｳ ﾊﾅｺ,職員　講師,企画課,〇,２０２７．４．１",
            headings=headings,
        )
    )
    assert (row.person.login, row.person.staff_number) == ("hanako", "1001")
    assert (row.person.family_name, row.person.given_name) == ("佐藤", "花子")
    assert (row.person.family_kana, row.person.given_kana) == ("さとう", "はなこ")
    assert row.person.roles == {Role.OFFICER, Role.LECTURER}
    assert row.post.heads_unit
    assert row.post.starts_on == date(2027, 4, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-04-01", date(2027, 4, 1)),
        ("2027/4/1", date(2027, 4, 1)),
        ("2027年4月1日", date(2027, 4, 1)),
        ("20270401", date(2027, 4, 1)),
        ("令和9年4月1日", date(2027, 4, 1)),
        ("R9.4.1", date(2027, 4, 1)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("46113", date(2026, 4, 1)),
        ("12345", None),
        ("2027-02-29", None),
        ("4月1日", None),
        ("soon", None),
    ],
)
def test_dates_are_read_as_they_are_written(text, expected):
    assert parse_date(text) == expected


def test_an_xlsx_file_reads_like_its_csv():
    cells: list[object] = [cell or None for cell in HANAKO.split(",")]
    cells[1], cells[15] = 1001, date(2026, 4, 1)
    assert only(workbook(cells)) == only(table(HANAKO))


def test_somebody_with_a_concurrent_post_stands_in_two_rows():
    second = "hanako,,佐藤,花子,,,,,建設局,,道路課,,,兼務,,2026-10-01,2027-03-31"
    reading = read_people(table(HANAKO, second), "people.csv")
    assert reading.report.ok
    assert [located.item.post.kind for located in reading.items] == [PostKind.MAIN, PostKind.CONCURRENT]


def test_an_empty_name_is_told_under_the_heading_the_table_has():
    reading = read_people(table("hanako,,", headings="ログインID,氏名,権限"), "people.csv")
    assert [each.sentence("ja") for each in reading.report.errors] == ["「氏名」が空です。"]


def test_every_fault_of_a_row_is_told_and_the_good_rows_are_read():
    bad = "h,1002,,花,satou,!,no-mail,部長,,,,,主事,派遣,多分,2026-13-01,"
    reading = read_people(table(HANAKO, bad), "people.csv")
    assert [located.item.person.login for located in reading.items] == ["hanako"]
    found = {finding.code for finding in reading.report.errors}
    assert found == {
        "people-login", "people-missing", "people-kana", "people-email", "people-role", "people-kind",
        "people-yes-or-no", "people-date", "people-post-without-unit",
    }  # fmt: skip
    assert {finding.line for finding in reading.report.errors} == {3}
    assert all(finding.sentence("ja") and finding.sentence("en") for finding in reading.report.errors)


@pytest.mark.parametrize(
    ("first", "last", "column"),
    [("0001-01-01", "", "着任日"), ("1850-01-01", "", "着任日"), ("2026-04-01", "9999-12-31", "離任日")],
)
def test_a_year_that_the_form_refuses_is_refused_in_a_table_and_the_range_is_named(first, last, column):
    row = HANAKO.replace("2026-04-01", first) + last
    (found,) = read_people(table(row), "people.csv").report.errors
    assert (found.line, found.code) == (2, "people-date-range")
    assert column in found.sentence()
    assert "1900-01-01 から 2999-12-31" in found.sentence()
    assert "1900-01-01 to 2999-12-31" in found.sentence("en")


def test_a_last_day_before_the_first_is_told():
    assert codes(table(HANAKO + "2026-03-31")) == [(2, "people-dates-order")]


def test_rows_of_one_person_that_disagree_are_told_with_the_other_line():
    (found,) = read_people(table(HANAKO, HANAKO.replace("花子", "華子")), "people.csv").report.findings
    assert (found.line, found.code) == (3, "people-differs")
    assert "2行目" in found.sentence()


def test_the_same_row_twice_is_told():
    assert codes(table(HANAKO, HANAKO)) == [(3, "people-repeated")]


def test_a_staff_number_of_two_people_is_told():
    assert codes(table(HANAKO, HANAKO.replace("hanako", "hanae"))) == [(3, "people-staff-number-twice")]


def test_a_missing_and_an_unknown_heading_are_told():
    assert codes(table("佐藤,花子,赤", headings="姓,名,好きな色")) == [
        (1, "table-unknown-column"),
        (1, "missing-column"),
    ]


def test_a_line_break_inside_a_cell_keeps_the_line_numbers_right():
    assert codes(table(HANAKO.replace("主事", '"主\n事"'), "x,,,"))[0][0] == 4


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table-empty"),
        (HEADINGS.encode(), "table-empty"),
        (b"\xff\xfe\x00", "table-encoding"),
        (b"login\x00,name", "table-encoding"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "table-old-or-locked"),
        (b"PK\x03\x04 but no archive", "table-xlsx"),
        (b'login,name\n"hanako', "table-csv"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, code):
    assert code in [found for _, found in codes(content)]


def test_a_damaged_workbook_is_told_without_a_programs_words():
    (found,) = read_people(workbook([])[:-400], "people.xlsx").report.errors
    assert found.code == "table-xlsx"
    assert "壊れている" in found.sentence()
    assert "Zip" not in found.sentence() + found.sentence("en")


def test_a_day_in_a_cell_that_is_formatted_as_a_number_is_read():
    cells: list[object] = [cell or None for cell in HANAKO.split(",")]
    cells[1], cells[15] = 1001, 46113
    assert only(workbook(cells)) == only(table(HANAKO))


def test_a_formula_without_a_stored_result_is_told_with_its_cell():
    cells: list[object] = [cell or None for cell in HANAKO.split(",")]
    cells[3] = '="花"&"子"'
    (found,) = read_people(workbook(cells), "people.xlsx").report.errors
    assert (found.line, found.code) == (2, "table-formula")
    assert "セルD2" in found.sentence()


@pytest.mark.parametrize("stored", ["<v>花子</v>", "<v></v>"])
def test_a_formula_with_its_result_is_read_as_the_result(stored):
    cells: list[object] = [cell or None for cell in HANAKO.split(",")]
    cells[3] = '="花"&"子"'
    source, out = zipfile.ZipFile(io.BytesIO(workbook(cells))), io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for member in source.infolist():
            text = source.read(member).decode()
            cell = rf'<c r="D2" t="str"><f>\1</f>{stored}'
            text = re.sub('<c r="D2"[^>]*><f>(.*?)</f><v ?(?:/>|></v>)', cell, text)
            archive.writestr(member.filename, text)
    found = codes(out.getvalue())
    assert found == ([] if "花子" in stored else [(2, "people-missing")])


def test_a_table_with_semicolons_is_read():
    assert only(table(HANAKO.replace(",", ";"), headings=HEADINGS.replace(",", ";"))) == only(table(HANAKO))


def test_a_login_that_cannot_be_is_quoted_as_it_was_typed():
    (found,) = read_people(table("日本語ID,,佐藤,花子" + "," * 13), "people.csv").report.errors
    assert found.item == "日本語ID"
    assert "「日本語ID」" in found.sentence()


def test_a_quote_that_is_never_closed_is_told_with_the_line_where_it_was_opened():
    rows = [HANAKO.replace("hanako", f"hanako{n}").replace("1001", str(n)) for n in range(2000)]
    rows[3] = rows[3].replace("佐藤", '"佐藤')
    (found,) = read_people(table(*rows), "people.csv").report.errors
    assert (found.line, found.code) == (5, "table-csv")
    assert "field" not in found.sentence() + found.sentence("en")


def test_a_cell_beyond_all_measure_is_not_blamed_on_quotes():
    (found,) = read_people(table(HANAKO, HANAKO.replace("花子", "花" * 140_000)), "people.csv").report.errors
    assert (found.line, found.code) == (3, "table-cell-too-long")


def test_an_archive_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert codes(out.getvalue()) == [(0, "table-xlsx")]


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(160_000_000))
    assert len(out.getvalue()) < 200_000
    assert codes(out.getvalue()) == [(0, "table-bomb")]


def test_a_workbook_with_entities_is_refused():
    source, out = zipfile.ZipFile(io.BytesIO(workbook([]))), io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for member in source.infolist():
            text = source.read(member)
            if member.filename == "xl/worksheets/sheet1.xml":
                text = b'<!DOCTYPE a [<!ENTITY b "c">]>' + text
            archive.writestr(member.filename, text)
    assert codes(out.getvalue()) == [(0, "table-xlsx")]


def test_bytes_and_rows_are_bounded():
    with pytest.raises(UnreadableTable) as caught:
        read_table(table(HANAKO), Limits(file_bytes=10))
    assert caught.value.code == "too-large"
    with pytest.raises(UnreadableTable) as caught:
        read_table(table(*[HANAKO] * 5), Limits(rows=3))
    assert caught.value.code == "table-too-many-rows"


def test_the_example_of_the_documentation_is_read_without_a_fault():
    text = (Path(__file__).parents[2] / "docs" / "people.md").read_text("utf-8")
    example = text.split("```csv\n")[1].split("```")[0]
    reading = read_people(example.encode(), "people.csv")
    assert reading.report.findings == ()
    assert len(reading.items) == 3


def test_every_column_stands_in_the_documentation():
    text = (Path(__file__).parents[2] / "docs" / "people.md").read_text("utf-8")
    assert [headings[0] for headings in COLUMNS.values() if headings[0] not in text] == []
