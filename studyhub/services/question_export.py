"""Questions as files: a spreadsheet or the site's own YAML, and the template with an example of each kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.errors import Invalid
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.domain.questions import (
    Question,
    QuestionStatus,
    from_data,
)
from studyhub.formats import pool_yaml
from studyhub.formats.question_table import KINDS, LEVELS, STATUSES, heading, write_questions
from studyhub.formats.table_writing import TableFormat
from studyhub.persistence import models
from studyhub.services import audit
from studyhub.services.content_sync.questions import BATCH, batches
from studyhub.services.question_examples import examples_of_each_kind

YAML_TYPE = "application/yaml"


class FileFormat(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"
    YAML = "yaml"

    @property
    def media_type(self) -> str:
        return YAML_TYPE if self is FileFormat.YAML else TableFormat(self.value).media_type


def export_questions(
    db: Session, actor: Actor, keys: Sequence[str], format_: FileFormat, *, english: bool
) -> bytes:
    """In the order of the keys. Raises Invalid where there is nothing to write. Writing a large table takes seconds:
    whoever hands it out logs that with `record_export`, in a transaction that does not wait for it."""
    require(actor, Permission.WRITE_CONTENT)
    questions = _questions(db, keys)
    if not questions:
        raise Invalid("書き出す問題がありません。条件を変えてください。")
    if format_ is FileFormat.YAML:
        return pool_yaml.write(questions).encode()
    return write_questions(TableFormat(format_.value), questions, int(english), _notes(english=english))


def record_export(db: Session, actor: Actor, count: int, format_: FileFormat, now: datetime) -> None:
    audit.record(db, actor.user_id, "question.export", "question", count, now, format=format_.value)


def template(format_: FileFormat, *, english: bool) -> bytes:
    """One example of each kind, to be written over, with how each column is filled in."""
    examples = examples_of_each_kind()
    if format_ is FileFormat.YAML:
        return pool_yaml.write(
            [replace(each, id=f"st-example-{n}") for n, each in enumerate(examples, 1)]
        ).encode()
    return write_questions(TableFormat(format_.value), examples, int(english), _notes(english=english))


def _questions(db: Session, keys: Sequence[str]) -> list[Question]:
    found: dict[str, Question] = {}
    current = select(models.Question.key, models.Question.status, models.QuestionRevision.data).join(
        models.QuestionRevision, models.QuestionRevision.id == models.Question.current_revision_id
    )
    for batch in batches(list(dict.fromkeys(keys)), BATCH):
        for key, status, data in db.execute(current.where(models.Question.key.in_(batch))):
            found[key] = replace(from_data(data), status=QuestionStatus(status))
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def _notes(*, english: bool) -> list[tuple[str, str]]:
    """The sheet that explains: a heading, then a line for each column."""
    place = int(english)
    words = {
        "kind": "、".join(names[place] for names in KINDS.values()),
        "status": "、".join(names[place] for names in STATUSES.values()),
        "level": "、".join(names[place] for names in LEVELS.values()),
    }
    lines = _NOTES_EN if english else _NOTES_JA
    told = [(heading(name, place) if name else "", text % words) for name, text in lines]
    return [("Column", "How to fill it in") if english else ("列", "書き方"), *told]


_NOTES_JA = (
    ("id", "新しい問題は空にします。番号は自動で付きます。書き出した問題を直すときは変えません。"),
    ("part", "「状況文と設問」の設問の行だけに、1からの番号を書きます。IDは状況文の行と同じにします。"),
    ("kind", "%(kind)s"),
    ("status", "%(status)s。空なら下書きです。"),
    ("topics", "分野の記号（例：ip-6.5:61）。一つのセルに、1行に1つずつ。最初のものが主な分野です。"),
    ("level", "%(level)s"),
    ("stem", "問題文（Markdown）。"),
    (
        "right",
        "単一選択は選択肢の番号（2）、複数選択は番号を並べます（1,3）。正誤は「正しい」か「正しくない」、数値は数。並べ替えと組合せは空です。",
    ),
    ("choice1", "選択肢。並べ替えでは、正しい順に項目を書きます。組合せでは左側です。列は増やせます。"),
    ("partner1", "組合せの右側だけに使います。"),
    (
        "reason1",
        "その選択肢が正しい、または正しくない理由。正誤では、理由1が「正しい」、理由2が「正しくない」の理由です。",
    ),
    ("tolerance", "数値だけに使います。空なら0です。"),
    ("unit", "数値だけに使います。"),
    ("terms", "用語集の言葉。1行に1つずつ。"),
    ("teaches", "勉強会の記号#見出しの目印（例：dx-basics-security#cia）"),
    ("people", "はじめて解く職員10人のうち、正解しそうな人数（0〜10）"),
    ("as_of", "法律や技術を確かめた年月（2026-11）"),
    ("sources", "根拠にした法律や資料。1行に1つずつ。"),
    ("keep_order", "選択肢を並べ替えずに出すときに「はい」"),
    ("", "先頭の ' は、表計算ソフトが式と取り違えないための印です。取り込むときに外します。"),
)
_NOTES_EN = (
    ("id", "Empty for a new question: it gets its number by itself. Never change that of an exported one."),
    ("part", "Only in the rows of a scenario's parts: numbers from 1. Their id is that of the scenario's row."),
    ("kind", "%(kind)s"),
    ("status", "%(status)s. Empty means draft."),
    ("topics", "Keys of topics (ip-6.5:61), one a line inside the cell. The first is the main one."),
    ("level", "%(level)s"),
    ("stem", "The question (Markdown)."),
    ("right", "single_choice: the number of the choice (2); multiple_choice: the numbers (1,3); true_false: true or "
     "false; numeric: a number. Empty for ordering and matching."),
    ("choice1", "The choices; of an ordering its items in the right order; of a matching its left sides. Add columns as needed."),
    ("partner1", "Only for the right sides of a matching."),
    ("reason1", "Why the choice is right or wrong; of true_false, reason 1 is that of true and reason 2 that of false."),
    ("tolerance", "Only for numeric; empty means 0."),
    ("unit", "Only for numeric."),
    ("terms", "Terms of the glossary, one a line."),
    ("teaches", "key-of-study-session#anchor (dx-basics-security#cia)"),
    ("people", "How many of 10 officers who meet it for the first time would be right (0 to 10)"),
    ("as_of", "The month in which law and technology were checked (2026-11)"),
    ("sources", "Laws and documents it rests on, one a line."),
    ("keep_order", "“yes” to show the choices in this order"),
    ("", "A leading ' keeps spreadsheet programs from taking a text for a formula. It is taken off when the file is read."),
)  # fmt: skip
