"""The answers of small category 56 (data manipulation): each SQL statement is executed."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing

Value = str | int | float | None
Row = tuple[Value, ...]
Tables = dict[str, list[Row]]  # "table(column, column)" -> rows


def _run(tables: Tables, *statements: str) -> list[Row]:
    """What the last statement gives."""
    with closing(sqlite3.connect(":memory:")) as database:
        for definition, rows in tables.items():
            database.execute(f"CREATE TABLE {definition}")
            name, marks = definition.split("(")[0], ", ".join("?" * len(rows[0]))
            database.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
        result: list[Row] = []
        for statement in statements:
            result = database.execute(statement).fetchall()
        return result


def _first(rows: Iterable[Row]) -> str:
    return "，".join(str(row[0]) for row in rows)


def _same(rows: Iterable[Row], key: str) -> str:
    """The key, if it names the same values in another order (the statement asks for none)."""
    return key if sorted(str(row[0]) for row in rows) == sorted(key.split("，")) else _first(rows)


def ip_56_003() -> str:
    goods: list[Row] = [
        (1, "机", "本館", 30000),
        (2, "机", "別館", 12000),
        (3, "椅子", "本館", 8000),
        (4, "椅子", "別館", 35000),
        (5, "書棚", "本館", 40000),
        (6, "書棚", "別館", 25000),
    ]
    statement = "SELECT 番号 FROM 備品 WHERE 区分 = '机' OR 区分 = '書棚' AND 価格 >= 30000"
    return _first(_run({"備品(番号, 区分, 場所, 価格)": goods}, statement))


def ip_56_004() -> str:
    halls: list[Row] = [
        ("西公園", 40),
        ("東公園", 50),
        ("公園通り会館", 80),
        ("中央公園", 100),
        ("公園管理棟", 60),
    ]
    statement = "SELECT 施設名 FROM 集会施設 WHERE 施設名 LIKE '%公園' AND 定員 BETWEEN 50 AND 100"
    return _first(_run({"集会施設(施設名, 定員)": halls}, statement))


def ip_56_005() -> str:
    answers: list[Row] = [(1, 4), (2, None), (3, 2), (4, 3), (5, None), (6, 3)]
    statement = "SELECT COUNT(*) AS 件数, AVG(満足度) AS 平均 FROM 回答"
    [(count, mean)] = _run({"回答(番号, 満足度)": answers}, statement)
    return f"件数は{count}，平均は{mean:g}"


def ip_56_006() -> str:
    visits: list[Row] = [
        ("2026-11-09", "届出", 40),
        ("2026-11-09", "相談", 55),
        ("2026-11-09", "証明", 70),
        ("2026-11-10", "届出", 65),
        ("2026-11-10", "相談", 60),
        ("2026-11-10", "証明", 30),
    ]
    statement = "SELECT 窓口, SUM(人数) AS 合計 FROM 来庁 GROUP BY 窓口 ORDER BY 合計 DESC"
    return _first(_run({"来庁(日付, 窓口, 人数)": visits}, statement))


def ip_56_007() -> str:
    courses = ["統計", "統計", "地図", "地図", "文章", "文章", "統計", "会計"]
    years = [2025, 2026, 2026, 2026, 2025, 2025, 2026, 2026]
    rows: list[Row] = [(n, c, y) for n, (c, y) in enumerate(zip(courses, years, strict=True), 1)]
    statement = "SELECT 講座 FROM 申込 WHERE 年度 = 2026 GROUP BY 講座 HAVING COUNT(*) >= 2"
    return _same(_run({"申込(番号, 講座, 年度)": rows}, statement), "統計，地図")


def ip_56_008() -> str:
    tables: Tables = {
        "品目(品目番号, 品名, 個数)": [("A1", "飲料水", 24), ("A2", "毛布", 10), ("A3", "乾パン", 50)],
        "在庫(倉庫, 品目番号, 箱数)": [
            ("北", "A1", 20),
            ("北", "A2", 15),
            ("南", "A1", 30),
            ("南", "A3", 8),
        ],
    }
    statement = """SELECT SUM(箱数 * 個数) FROM 在庫, 品目
        WHERE 在庫.品目番号 = 品目.品目番号 AND 品名 = '飲料水'"""
    return _first(_run(tables, statement))


def ip_56_009() -> str:
    tables: Tables = {
        "講座(講座番号, 講座名)": [("K1", "会計"), ("K2", "統計"), ("K3", "地図")],
        "申込(申込番号, 講座番号)": [(1, "K2"), (2, "K3"), (3, "K2")],
    }
    statement = """SELECT 講座名, COUNT(申込番号) AS 件数 FROM 講座 LEFT OUTER JOIN 申込
        ON 講座.講座番号 = 申込.講座番号 GROUP BY 講座名"""
    counts = {str(row[0]): row[1] for row in _run(tables, statement)}
    return f"結果は{len(counts)}行であり，会計の件数は{counts['会計']}である。"


def ip_56_010() -> str:
    rows: list[Row] = [(f"第{n}体育館", people) for n, people in enumerate([120, 80, 200, 100, 150], 1)]
    statement = "SELECT 施設 FROM 利用 WHERE 人数 > (SELECT AVG(人数) FROM 利用)"
    return _first(_run({"利用(施設, 人数)": rows}, statement))


def ip_56_011() -> str:
    tables: Tables = {
        "職員(職員番号, 氏名)": [(1, "浅田"), (2, "井口"), (3, "内海"), (4, "遠藤")],
        "受講(職員番号, 研修)": [(1, "情報保護"), (2, "文書作成"), (3, "情報保護"), (3, "文書作成")],
    }
    statement = """SELECT 氏名 FROM 職員 WHERE 職員番号 NOT IN
        (SELECT 職員番号 FROM 受講 WHERE 研修 = '情報保護')"""
    return _first(_run(tables, statement))


def ip_56_012() -> str:
    rows: list[Row] = [
        (1, "朝倉", "事務", 2025),
        (2, "泉", "土木", 2026),
        (3, "宇野", "事務", 2026),
        (4, "江川", "建築", 2025),
    ]
    tables: Tables = {"採用者(番号, 氏名, 職種, 採用年度)": rows}
    statements = {
        "射影": "SELECT 番号, 氏名 FROM 採用者",
        "選択": "SELECT * FROM 採用者 WHERE 採用年度 = 2026",
        "射影，選択": "SELECT 番号, 氏名 FROM 採用者 WHERE 採用年度 = 2026",
    }
    wanted: list[Row] = [(2, "泉"), (3, "宇野")]
    [key] = [name for name, statement in statements.items() if _run(tables, statement) == wanted]
    return key


def ip_56_013() -> str:
    tables: Tables = {
        "前期(団体番号, 会議室)": [(1, "東"), (2, "西"), (3, "南"), (4, "北")],
        "後期(団体番号, 会議室)": [(2, "西"), (3, "東"), (5, "南")],
    }
    rows = _run(tables, "SELECT * FROM 前期 EXCEPT SELECT * FROM 後期 ORDER BY 団体番号")
    return "，".join(f"（{number}，{room}）" for number, room in rows)


def ip_56_014() -> str:
    rows: list[Row] = [
        ("机", "第一", 12),
        ("椅子", "第一", 40),
        ("書棚", "第二", 8),
        ("白板", "第一", 5),
        ("傘立て", "第二", 20),
    ]
    update = "UPDATE 保管品 SET 倉庫 = '第二' WHERE 倉庫 = '第一' AND 個数 < 20"
    total = "SELECT SUM(個数) FROM 保管品 WHERE 倉庫 = '第二'"
    return _first(_run({"保管品(品名, 倉庫, 個数)": rows}, update, total))


def ip_56_015() -> str:
    bureaus = ["見本局", "仮設局", "例示局", "仮設局", "見本局", "仮設局", "見本局", "仮設局", "例示局"]
    tables: Tables = {"申込(番号, 局名)": list(enumerate(bureaus, 1))}
    fitting = []
    for words in (
        "WHERE COUNT(*) >= 3 GROUP BY 局名",
        "GROUP BY 局名 HAVING COUNT(*) >= 3",
        "GROUP BY 局名 WHERE COUNT(*) >= 3",
        "GROUP BY COUNT(*) HAVING 局名 >= 3",
    ):
        try:
            rows = _run(tables, f"SELECT 局名, COUNT(*) FROM 申込 {words} ORDER BY COUNT(*) DESC")
        except sqlite3.OperationalError:
            continue
        if rows == [("仮設局", 4), ("見本局", 3)]:
            fitting.append(f"`{words}`")
    [key] = fitting
    return key


def ip_56_016() -> str:
    tables: Tables = {
        "課員(課員番号, 氏名)": [(n, f"課員{n}") for n in range(5)],
        "残業(課員番号, 日付, 時間)": [(n % 5, f"2026-11-{n + 9:02}", 1) for n in range(8)],
    }
    return str(len(_run(tables, "SELECT 氏名, 時間 FROM 課員, 残業")))
