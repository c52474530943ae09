"""Small content folders, written to a place of the test's own."""

from __future__ import annotations

from pathlib import Path

SYLLABUS = """\
syllabus: mini
title: 小さなシラバス
title_en: A small syllabus
version: "1"
status: current
levels: [field, small]
topics:
  - id: law
    name: 法務
    topics:
      - {id: copyright, name: 著作権, name_en: Copyright}
      - {id: privacy, name: 個人情報}
  - id: tech
    name: 技術
    topics:
      - {id: crypto, name: 暗号}
"""

NEXT_SYLLABUS = """\
syllabus: next
title: 次のシラバス
version: "0.1"
status: draft
levels: [field]
topics:
  - {id: rules, name: きまり}
"""

MAPPING = """\
from: mini
to: next
status: draft
map: {"copyright": [rules], "privacy": [rules], "crypto": unmapped}
"""

BLUEPRINT = """\
blueprint: mini-exam
title: 小さな試験
syllabus: mini
status: current
questions: 3
minutes: 5
fields:
  - {topic: law, questions: 2, scored: 2}
  - {topic: tech, questions: 1, scored: 1}
pass: {total: 600, each_field: 300, out_of: 1000}
scale: {anchor_score: 600, anchor_ability: 0, points_per_ability: 130}
"""

GLOSSARY = """\
- term: 公開鍵
  reading: こうかいかぎ
  definition: 誰に見せてもよい**鍵**。
  abbreviations: [{short: PK, long: public key}]
  topics: [mini:crypto]
"""

QUESTION = """\
- id: {id}
  kind: single_choice
  topics: [{topics}]
  level: understand
  stem: |
    {stem}
  choices:
    - {{text: 正しいこと, correct: true, reason: そのとおりである}}
    - {{text: 違うこと, correct: false, reason: 逆である}}
    - {{text: 別のこと, correct: false, reason: 関係がない}}
    - {{text: 似たこと, correct: false, reason: 似ているだけである}}
  explanation: 考え方を説明する。
  expected_facility: 0.6
  as_of: 2026-11
  status: {status}
"""

COURSE = "course: basics\ntitle: 基礎\ntitle_en: Basics\nsummary: はじめに\naudience: 全員\norder: 1\ntopics: [mini:law]\n"

SESSION = """\
---
id: {id}
title: 暗号入門
title_en: Cryptography
kind: study_session
held_on: 2026-12-02
starts_at: "15:00"
place: 会議室A
minutes: 45
lecturers: [例田 花子, 見本 太郎]
topics: [mini:crypto, mini:privacy]
objectives: [鍵の役割を説明できる]
summary: 暗号のはじめ
materials:
  - {{file: slides.pdf, title: 投影資料, role: slides}}
  - {{file: sheet.md, title: 練習, role: handout}}
check: [q-crypto-001]
status: published
---

## 鍵とは {{#keys}}

![鍵の図](figures/key.svg)

{{{{question q-crypto-001}}}}

## まとめ {{#summary}}

{body}
"""

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>{title}</title></svg>'


class ContentFolder:
    """`courses/` and `question_pool/` with one session, two questions and all that they need."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("question_pool/syllabi/mini.yaml", SYLLABUS)
        self.write("question_pool/syllabi/next.yaml", NEXT_SYLLABUS)
        self.write("question_pool/mappings/mini--next.yaml", MAPPING)
        self.write("question_pool/blueprints/mini-exam.yaml", BLUEPRINT)
        self.write("question_pool/glossary.yaml", GLOSSARY)
        self.question("q-crypto-001", topics="mini:crypto", stem="暗号の目的として，適切なものはどれか。")
        self.question(
            "q-privacy-001",
            topics="mini:privacy, mini:copyright",
            stem="個人情報に当たるものはどれか。\n\n    ![表](figures/form.svg)",
        )
        self.write("question_pool/mini/figures/form.svg", SVG.format(title="様式"))
        self.write("courses/basics/course.yaml", COURSE)
        self.session()
        self.write("courses/basics/01-crypto/figures/key.svg", SVG.format(title="鍵"))
        self.write("courses/basics/01-crypto/slides.pdf", "%PDF-1.7 first")
        self.write("courses/basics/01-crypto/sheet.md", "# 練習\n")

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def remove(self, name: str) -> None:
        (self.root / name).unlink()

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text, f"{name} does not say {old!r}"
        self.write(name, text.replace(old, new))

    def question(self, key: str, *, topics: str, stem: str, status: str = "published") -> None:
        text = QUESTION.format(id=key, topics=topics, stem=stem, status=status)
        self.write(f"question_pool/mini/{key}.yaml", text)

    def session(self, *, key: str = "basics-crypto", body: str = "鍵は二つある。{{term 公開鍵}}") -> None:
        self.write("courses/basics/01-crypto/session.md", SESSION.format(id=key, body=body))
