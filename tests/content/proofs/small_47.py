"""The answers of small category 47 (office tools): the worksheets, computed."""

from collections import defaultdict

from tests.content.proofs.sheet import copied, sheet, the_one, value


def ip_47_002() -> str:
    cells = sheet([(None, 60, 40, 100), (None, 30, 90, 120)])
    choices = ["`B2/$D2`", "`B2/D$2`", "`B$2/$D2`", "`$B2/$D2`"]
    wanted = {(0, 0): 60 / 100, (0, 1): 40 / 100, (1, 0): 30 / 120, (1, 1): 90 / 120}
    return the_one(
        choices,
        lambda choice: all(
            value(copied(choice, down, right), cells) == share for (down, right), share in wanted.items()
        ),
    )


def ip_47_003() -> str:
    cells = sheet([("手続", 50), ("料金", 30), ("施設", 15), ("その他", 5)])
    choices = [
        "`合計(B2:B2)/合計(B2:B5)`",
        "`合計(B2:B$5)/合計(B$2:B$5)`",
        "`合計(B$2:B$2)/合計(B$2:B$5)`",
        "`合計(B$2:B2)/合計(B$2:B$5)`",
    ]
    return the_one(
        choices,
        lambda choice: [value(copied(choice, down), cells) for down in range(4)] == [0.5, 0.8, 0.95, 1],
    )


def ip_47_004() -> str:
    minutes = [5, 10, 12, 20, 18, 25, 10, 15]
    cells = sheet((None, minute) for minute in minutes)
    choices = [
        "`条件付個数(B2:B9, ≧10)+条件付個数(B2:B9, ＜20)`",
        "`条件付個数(B2:B9, ≧10)-条件付個数(B2:B9, ≧20)`",
        "`条件付個数(B2:B9, ≧10)-条件付個数(B2:B9, ＜20)`",
        "`条件付個数(B2:B9, ＞10)-条件付個数(B2:B9, ＞20)`",
    ]
    return the_one(choices, lambda choice: value(choice, cells) == sum(10 <= m < 20 for m in minutes))


def ip_47_005() -> str:
    cells = sheet([("P", 60), ("Q", 61), ("R", 90), ("S", 150)])
    formula = "IF(B2≦60, 0, 整数部((B2-60+29)/30)*200)"
    for down in range(4):
        cells[f"C{2 + down}"] = value(copied(formula, down), cells)
    return f"{value('合計(C2:C5)', cells):,}"


def ip_47_006() -> str:
    cells = sheet(
        [
            ("K2", None, None, "K1", "講習室"),
            ("K1", None, None, "K2", "実習室"),
            ("K3", None, None, "K3", "ホール"),
        ]
    )
    choices = [
        "`垂直照合(A2, D2:E4, 2, 0)`",
        "`垂直照合(A2, D$2:E$4, 1, 0)`",
        "`垂直照合(A2, D$2:E$4, 2, 0)`",
        "`垂直照合(A$2, D$2:E$4, 2, 0)`",
    ]
    return the_one(
        choices,
        lambda choice: (
            [value(copied(choice, down), cells) for down in range(3)] == ["実習室", "講習室", "ホール"]
        ),
    )


def ip_47_007() -> str:
    cells = sheet(
        [
            (None, "午前", "午後", "夜間"),
            ("小", 600, 800, 1000),
            ("中", 900, 1200, 1500),
            ("大", 1800, 2400, 3000),
            (),
            (),
            ("中", "夜間"),
            ("大", "午後"),
        ],
        first_row=1,
    )
    formula = "表引き(B$2:D$4, 照合一致(A7, A$2:A$4, 0), 照合一致(B7, B$1:D$1, 0))"
    return f"{value(copied(formula, 1), cells):,}"


def ip_47_008() -> str:
    bought = [("調整課", 800), ("総務課", 3000), ("総務課", 1500), ("調整課", 2000), ("総務課", 400)]
    cells = sheet((section, None, yen) for section, yen in bought) | {"E2": "総務課", "E3": "調整課"}
    wanted: dict[str, int] = defaultdict(int)
    for section, yen in bought:
        wanted[section] += yen
    choices = [
        "`条件付合計(C$2:C$6, ＝E2, A$2:A$6)`",
        "`条件付合計(A$2:A$6, ＝E$2, C$2:C$6)`",
        "`条件付合計(A2:A6, ＝E2, C2:C6)`",
        "`条件付合計(A$2:A$6, ＝E2, C$2:C$6)`",
    ]
    return the_one(
        choices,
        lambda choice: (
            [value(copied(choice, down), cells) for down in range(2)] == [wanted["総務課"], wanted["調整課"]]
        ),
    )


def ip_47_009() -> str:
    cells = sheet([(None, 30), (None, 50), (), (None, 40), (), (None, 60)])
    before = value("平均(B2:B7)", cells)
    after = value("平均(B2:B7)", cells | {"B4": 0, "B6": 0})
    return f"入力前は{before:g}，入力後は{after:g}"


def ip_47_010() -> str:
    places = [(4.5, 20), (3.0, 60), (3.5, 20)]
    cells = sheet((None, *place) for place in places)
    answers = [score for score, people in places for _ in range(people)]
    choices = [
        "`(B2*C2+B3*C3+B4*C4)/合計(C2:C4)`",
        "`(B2*C2+B3*C3+B4*C4)/個数(C2:C4)`",
        "`合計(B2:B4)/個数(B2:B4)`",
        "`平均(B2:B4)*平均(C2:C4)/合計(C2:C4)`",
    ]
    return the_one(choices, lambda choice: abs(value(choice, cells) - sum(answers) / len(answers)) < 1e-9)


def ip_47_011() -> str:
    cells = sheet((None, score) for score in (82, 95, 82, 70, 90))
    shown = value(copied("順位(B2, B2:B6, 1)", 2), cells)
    right = value(copied("順位(B2, B$2:B$6, 1)", 2), cells)
    return f"表示される値は{shown}，正しい順位は{right}"


def ip_47_012() -> str:
    visitors = [
        ("都内", 15),
        ("都内", 40),
        ("都外", 70),
        ("都内", 65),
        ("都外", 10),
        ("都内", 18),
        ("都内", 19),
    ]
    cells = sheet((None, *visitor) for visitor in visitors)
    formula = "IF(論理積(B2='都内', 論理和(C2≦18, C2≧65)), '無料', '有料')"
    shown = [value(copied(formula, down), cells) for down in range(len(visitors))]
    return str(shown.count("無料"))


def ip_47_013() -> str:
    cells = sheet((None, minutes) for minutes in (45, 80, 30, 95, 25))
    return f"B7は{value('整数部(合計(B2:B6)/60)', cells)}，C7は{value('剰余(合計(B2:B6), 60)', cells)}"


def ip_47_014() -> str:
    records = [
        ("東", "窓口", 30),
        ("西", "窓口", 50),
        ("東", "オンライン", 45),
        ("西", "オンライン", 70),
        ("東", "郵送", 25),
        ("東", "オンライン", 60),
        ("西", "郵送", 30),
        ("東", "窓口", 40),
    ]
    pivot: dict[tuple[str, str], int] = defaultdict(int)
    for office, way, number in records:
        pivot[office, way] += number
    east = sum(number for (office, _), number in pivot.items() if office == "東")
    return f"{100 * pivot['東', 'オンライン'] / east:g}"
