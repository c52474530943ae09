from collections.abc import Callable
from pathlib import Path

import pytest

SYLLABUS = """\
syllabus: ip-6.5
title: シラバス
levels: [field, small]
topics:
  - {id: technology, name: テクノロジ系, topics: [{id: "61", name: 情報セキュリティ}, {id: "62", name: 管理}]}
"""
QUESTION = """\
- id: ip-61-001
  kind: single_choice
  topics: [ip-6.5:61]
  level: understand
  stem: 止まらないことを表すものはどれか。
  choices:
    - {text: 機密性, correct: false, reason: 見られないこと。}
    - {text: 可用性, correct: true, reason: 使えること。}
    - {text: 完全性, correct: false, reason: 書き換えられないこと。}
    - {text: 真正性, correct: false, reason: 本人であること。}
  explanation: 三つの性質を区別する。
  terms: [可用性]
  teaches: security#cia
  expected_facility: 0.55
  as_of: 2026-11
  status: published
"""
TERM = (
    "- {term: 可用性, reading: かようせい, definition: 使えること。, topics: [ip-6.5:61], see: [security]}\n"
)
COURSE = "course: basics\ntitle: 基礎\norder: 1\ntopics: [ip-6.5:technology]\n"
SESSION = """\
---
id: security
title: 情報セキュリティ
minutes: 60
topics: [ip-6.5:61]
check: [ip-61-001]
status: published
---

## 三つの要素 {#cia}

{{term 可用性}}が大切です。![三つの箱の図](figures/cia.svg)

{{question ip-61-001}}
"""
FILES = {
    "question_pool/syllabi/ip-6.5.yaml": SYLLABUS,
    "question_pool/glossary.yaml": TERM,
    "question_pool/ip/23-security/61-security.yaml": QUESTION,
    "question_pool/ip/23-security/62-management.yaml": QUESTION.replace("61-001", "62-001")
    .replace("ip-6.5:61", "ip-6.5:62")
    .replace("止まらないことを表すものはどれか。", "方針を定める人として適切なのはだれか。"),
    "courses/basics/course.yaml": COURSE,
    "courses/basics/01-security/session.md": SESSION,
    "courses/basics/01-security/figures/cia.svg": "<svg/>",
}

WriteContent = Callable[..., Path]


@pytest.fixture
def write_content(tmp_path: Path) -> WriteContent:
    """Writes a small faultless content folder, with the given files (path to text) changed or, with None, left out."""

    def write(changes: dict[str, str | None] | None = None) -> Path:
        for name, text in {**FILES, **(changes or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink(missing_ok=True)
            else:
                path.write_text(text, encoding="utf-8")
        return tmp_path

    return write
