"""The sentences of all findings, Japanese and English, by code."""

from collections.abc import Mapping

from studyhub.formats.people_messages import PEOPLE_MESSAGES
from studyhub.formats.question_messages import QUESTION_MESSAGES

MESSAGES: Mapping[str, tuple[str, str]] = {
    # Reading
    "not-readable": ("ファイルを読めません：%(reason)s", "The file cannot be read: %(reason)s"),
    "not-utf8": ("文字コードがUTF-8ではありません。", "The file is not UTF-8."),
    "too-large": (
        "ファイルが大きすぎます（上限 %(limit)s バイト）。",
        "The file is too large (limit %(limit)s bytes).",
    ),
    "too-long": (
        "「%(value)s」は長すぎます（%(limit)s字まで）。",
        "“%(value)s” is too long (up to %(limit)s characters).",
    ),
    "yaml": ("YAMLとして読めません：%(reason)s", "This is not valid YAML: %(reason)s"),
    "yaml-deep": (
        "YAMLの入れ子が深すぎます。",
        "The YAML is nested too deeply.",
    ),
    "yaml-alias": (
        "YAMLの別名（& と *）は使えません。",
        "YAML anchors and aliases (& and *) cannot be used.",
    ),
    "not-a-list": (
        "ここには「- 」で始まる一覧が必要です。",
        "A list is needed here (lines that start with “- ”).",
    ),
    "not-a-mapping": ("ここには「項目: 値」の形が必要です。", "“name: value” lines are needed here."),
    "duplicate-field": ("項目「%(field)s」が二回あります。", "The field “%(field)s” is there twice."),
    "missing-field": ("項目「%(field)s」がありません。", "The field “%(field)s” is missing."),
    "unknown-field": (
        "項目「%(field)s」は使われません。綴りを確かめてください。",
        "The field “%(field)s” is not used. Check its spelling.",
    ),
    "not-text": (
        "「%(field)s」は文字列で書いてください。コロンなどを含む文は引用符で囲みます。",
        "“%(field)s” must be text. Put quotes around a text that contains a colon.",
    ),
    "not-a-whole-number": (
        "「%(field)s」は整数で書いてください（「%(value)s」でした）。",
        "“%(field)s” must be a whole number (it is “%(value)s”).",
    ),
    "not-a-number": (
        "「%(field)s」は数で書いてください（「%(value)s」でした）。",
        "“%(field)s” must be a number (it is “%(value)s”).",
    ),
    "out-of-range": (
        "「%(field)s」は%(low)sから%(high)sまでです（「%(value)s」でした）。",
        "“%(field)s” must be between %(low)s and %(high)s (it is “%(value)s”).",
    ),
    "not-true-or-false": (
        "「%(field)s」は true か false で書いてください（「%(value)s」でした）。",
        "“%(field)s” must be true or false (it is “%(value)s”).",
    ),
    "not-a-date": (
        "「%(field)s」は 2026-12-02 の形で書いてください（「%(value)s」でした）。",
        "“%(field)s” must look like 2026-12-02 (it is “%(value)s”).",
    ),
    "not-a-time": (
        "「%(field)s」は 15:00 の形で書いてください（「%(value)s」でした）。",
        "“%(field)s” must look like 15:00 (it is “%(value)s”).",
    ),
    "not-a-month": (
        "「%(field)s」は 2026-11 の形で書いてください（「%(value)s」でした）。",
        "“%(field)s” must look like 2026-11 (it is “%(value)s”).",
    ),
    "not-one-of": (
        "「%(field)s」の値「%(value)s」は使えません。使えるのは %(allowed)s です。",
        "“%(value)s” cannot be used for “%(field)s”. It may be %(allowed)s.",
    ),
    "bad-key": (
        "「%(value)s」は識別子に使えません。半角の英小文字・数字・ハイフンで書いてください。",
        "“%(value)s” cannot be used as an id. Use lower-case letters, digits and hyphens.",
    ),
    "no-front-matter": (
        "先頭に「---」で囲んだ項目（id、title など）がありません。",
        "The file does not start with fields (id, title …) between two lines “---”.",
    ),
    "nested-scenario": (
        "シナリオの中に別のシナリオは置けません。",
        "A scenario cannot be part of a scenario.",
    ),
    "mapping-target": (
        "「%(topic)s」の対応先は、分類の一覧か unmapped で書いてください。",
        "“%(topic)s” must map to a list of topics or to unmapped.",
    ),
    # Checks of one question
    "no-topics": ("分野（topics）が一つもありません。", "There is no topic."),
    "too-few-choices": (
        "選択肢は二つ以上必要です（%(count)s個でした）。",
        "At least two choices are needed (there are %(count)s).",
    ),
    "not-one-key": (
        "正解はちょうど一つ必要です（%(count)s個でした）。",
        "Exactly one choice must be correct (%(count)s are).",
    ),
    "no-key": ("正解の選択肢がありません。", "No choice is correct."),
    "missing-reason": (
        "選択肢%(number)sに理由（reason）がありません。",
        "Choice %(number)s has no reason.",
    ),
    "missing-explanation": ("解説（explanation）がありません。", "There is no explanation."),
    "missing-stem": ("問題文（stem）がありません。", "There is no stem."),
    "missing-facility": (
        "予想正答率（expected_facility）がありません。",
        "There is no expected facility.",
    ),
    "missing-as-of": (
        "内容を確かめた年月（as_of）がありません。",
        "There is no month in which it was checked (as_of).",
    ),
    "missing-level": ("水準（level）がありません。", "There is no level."),
    "empty-choice": ("選択肢%(number)sが空です。", "Choice %(number)s is empty."),
    "duplicate-choice": (
        "選択肢%(first)sと%(second)sが同じか、ほとんど同じです。",
        "Choices %(first)s and %(second)s are the same or nearly the same.",
    ),
    "missing-file": ("ファイル「%(name)s」がありません。", "The file “%(name)s” does not exist."),
    "file-outside": (
        "「%(name)s」はフォルダーの外を指しています。",
        "“%(name)s” points outside the folder.",
    ),
    "image-without-text": (
        "図「%(name)s」に代わりの文章（![ここ]）がありません。",
        "The figure “%(name)s” has no text alternative (![here]).",
    ),
    # Checks across files
    "not-as-many": (
        "「%(field)s」は「%(other)s」と同じ数だけ書いてください。",
        "“%(field)s” must hold as many texts as “%(other)s”.",
    ),
    "duplicate-id": (
        "「%(value)s」は %(first_file)s の%(first_line)s行目でも使われています。",
        "“%(value)s” is also used in %(first_file)s, line %(first_line)s.",
    ),
    "duplicate-node": (
        "識別子「%(value)s」がこのファイルに二回あります。",
        "The id “%(value)s” is there twice.",
    ),
    "unknown-topic": (
        "分野「%(value)s」はどのシラバスにもありません。",
        "No syllabus has the topic “%(value)s”.",
    ),
    "unknown-syllabus": ("シラバス「%(value)s」がありません。", "There is no syllabus “%(value)s”."),
    "unknown-term": ("用語「%(value)s」は用語集にありません。", "The glossary has no term “%(value)s”."),
    "unknown-question": ("問題「%(value)s」がありません。", "There is no question “%(value)s”."),
    "question-not-published": (
        "問題「%(value)s」はまだ公開されていません。公開されるまで、学習者には表示されません。",
        "The question “%(value)s” is not published yet. Officers see it once it is.",
    ),
    "unknown-session": ("勉強会「%(value)s」がありません。", "There is no study session “%(value)s”."),
    "unknown-anchor": (
        "勉強会「%(session)s」に見出し「#%(anchor)s」がありません。",
        "The study session “%(session)s” has no heading “#%(anchor)s”.",
    ),
    "bad-teaches": (
        "teaches は「勉強会のid#見出し」の形で書いてください（「%(value)s」でした）。",
        "`teaches` must look like session-id#anchor (it is “%(value)s”).",
    ),
    "duplicate-anchor": (
        "見出しの目印「#%(value)s」が二回あります。",
        "The anchor “#%(value)s” is there twice.",
    ),
    "heading-without-anchor": (
        "見出し「%(value)s」に {#目印} がありません。読書の記録が見出しの順番に頼ることになります。",
        "The heading “%(value)s” has no {#anchor}; reading progress will depend on its position.",
    ),
    "near-duplicate": (
        "問題文が %(other)s（%(file)s の%(line)s行目）とほとんど同じです（一致 %(percent)s %%）。",
        "The stem is nearly that of %(other)s (%(file)s, line %(line)s; %(percent)s %% alike).",
    ),
    "category-empty": (
        "小分類「%(name)s」（%(topic)s）に公開中の問題がありません。",
        "The small category “%(name)s” (%(topic)s) has no published question.",
    ),
    "key-positions": (
        "正解が%(number)s番目の問題は %(count)s / %(total)s（%(percent)s %%）です。"
        "この問題数で許されるのは %(low)s〜%(high)s 問です。",
        "The key stands at place %(number)s in %(count)s of %(total)s questions (%(percent)s %%); "
        "%(low)s to %(high)s are allowed for this many.",
    ),
    "key-longest": (
        "正解が最も長い選択肢である問題は %(count)s / %(total)s（%(percent)s %%）です。"
        "35 %% 以下にしてください（この問題数では %(high)s 問まで）。",
        "The key is the longest choice in %(count)s of %(total)s questions (%(percent)s %%); "
        "the limit is 35 %% (%(high)s for this many).",
    ),
    "key-is-longest": (
        "正解がほかの選択肢より目立って長くなっています（%(key)s字、次は%(other)s字）。",
        "The key is notably longer than the others (%(key)s characters, the next %(other)s).",
    ),
    "level-mix": (
        "%(topic)s では「想起」（recall）の問題が %(count)s / %(total)s です。40 %% 以下にしてください。",
        "%(topic)s has %(count)s recall questions of %(total)s; the limit is 40 %%.",
    ),
    "unknown-worksheet": (
        "ワークシート「%(value)s」は courses/worksheets/ にありません。",
        "There is no worksheet “%(value)s” in courses/worksheets/.",
    ),
    "below-quota": (
        "「%(name)s」の公開中の問題は%(count)s問です。%(at_least)s問以上が要ります。",
        "“%(name)s” has %(count)s published questions; at least %(at_least)s are wanted.",
    ),
    "not-reviewed": (
        "正解を見ずに答えた人のうち、正解と同じだったのは %(answered)s人中%(agreed)s人です。"
        "今の版で%(wanted)s人以上が全員一致するまで公開できません。",
        "Of %(answered)s who answered without seeing the key, %(agreed)s agree with it; "
        "at least %(wanted)s must, and none may differ, before this revision is published.",
    ),
    "bad-review": (
        "確認の記録が読めません。日付は 2026-11-23、人数は「一致した人数≦答えた人数」で書いてください。",
        "This review cannot be read: the date is like 2026-11-23, and no more agree than answered.",
    ),
    "near-copy": (
        "%(other)s とよく似ています（文字の三つ組の一致 %(percent)s %%、基準 %(bar)s %%）。",
        "This is much like %(other)s (%(percent)s %% of the trigrams are shared; the bar is %(bar)s %%).",
    ),
    "quota-sum": (
        "分野ごとの問題数の合計 %(sum)s が全体の %(total)s と合いません。",
        "The questions of the fields add up to %(sum)s, not %(total)s.",
    ),
    "scored-above": (
        "分野「%(topic)s」では採点数が問題数を超えています。",
        "In “%(topic)s” more questions are scored than asked.",
    ),
    "not-in-mapping": (
        "分類「%(topic)s」が対応表にありません。unmapped と書くこともできます。",
        "The topic “%(topic)s” is not in the mapping (it may be said to be unmapped).",
    ),
    "not-rendered": ("文章を表示用に変換できません：%(reason)s", "The text cannot be rendered: %(reason)s"),
    # Rows of past examinations and other tables
    "json": ("JSONとして読めません：%(reason)s", "This is not valid JSON: %(reason)s"),
    "missing-column": ("列「%(field)s」がありません。", "The column “%(field)s” is missing."),
    "bad-choices": (
        "選択肢（choices）は二つ以上の文字列の一覧で書いてください。",
        "`choices` must be a list of two or more texts.",
    ),
    "answer-out-of-range": (
        "正解の番号 %(value)s に当たる選択肢がありません。",
        "No choice has the number %(value)s that is given as the answer.",
    ),
    "no-such-category": (
        "小分類「%(value)s」は1から63までの番号ではありません。",
        "The small category “%(value)s” is not a number from 1 to 63.",
    ),
    "unknown-format": ("この種類のファイルは読めません。", "This kind of file cannot be read."),
    **PEOPLE_MESSAGES,
    **QUESTION_MESSAGES,
}
