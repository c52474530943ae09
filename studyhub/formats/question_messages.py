"""The sentences about rows of a table of questions, Japanese and English, by code; each names the cell."""

from collections.abc import Mapping

QUESTION_MESSAGES: Mapping[str, tuple[str, str]] = {
    "question-word": (
        "セル%(cell)s（%(column)s）：「%(value)s」は使えません。使えるのは %(allowed)s です。",
        "Cell %(cell)s (%(column)s): “%(value)s” cannot be used. It may be %(allowed)s.",
    ),
    "question-key": (
        "セル%(cell)s（%(column)s）：「%(value)s」は識別子に使えません。半角の英小文字・数字・ハイフンで書くか、新しい問題なら空にします。",
        "Cell %(cell)s (%(column)s): “%(value)s” cannot be an id. Use lower-case letters, digits and hyphens, "
        "or leave it empty for a new question.",
    ),
    "question-number": (
        "セル%(cell)s（%(column)s）：「%(value)s」を数として読めません。",
        "Cell %(cell)s (%(column)s): “%(value)s” is not a number.",
    ),
    "question-people": (
        "セル%(cell)s（%(column)s）：0から10までの数で書いてください（「%(value)s」でした）。",
        "Cell %(cell)s (%(column)s): use a number from 0 to 10 (it is “%(value)s”).",
    ),
    "question-month": (
        "セル%(cell)s（%(column)s）：年月は 2026-11 の形で書いてください（「%(value)s」でした）。",
        "Cell %(cell)s (%(column)s): the month looks like 2026-11 (it is “%(value)s”).",
    ),
    "question-right": (
        "セル%(cell)s（%(column)s）：正解は選択肢の番号で書いてください（例：2、複数なら 1,3）。「%(value)s」は読めません。",
        "Cell %(cell)s (%(column)s): give the number of the right choice (2, or 1,3 for several); "
        "“%(value)s” cannot be read.",
    ),
    "question-truth": (
        "セル%(cell)s（%(column)s）：正誤の正解は「正しい」か「正しくない」で書いてください（「%(value)s」でした）。",
        "Cell %(cell)s (%(column)s): the answer is “true” or “false” (it is “%(value)s”).",
    ),
    "question-part-alone": (
        "セル%(cell)s（%(column)s）：設問の行の前に、同じIDの「状況文と設問」の行がありません。",
        "Cell %(cell)s (%(column)s): no row of a scenario with the same id stands before this part.",
    ),
    "question-at": (
        "セル%(cell)s（%(column)s）：%(sentence)s",
        "Cell %(cell)s (%(column)s): %(sentence)s",
    ),
    "question-missing": (
        "セル%(cell)s（%(column)s）：書いてください。",
        "Cell %(cell)s (%(column)s): this must be filled in.",
    ),
    "question-many": (
        "一度に取り込めるのは%(limit)s問までです（%(count)s問ありました）。",
        "At most %(limit)s questions can be brought in at once (there are %(count)s).",
    ),
    "question-reserved": (
        "「%(value)s」は、この画面が使う言葉なので、問題のIDにできません。",
        "“%(value)s” is a word the site uses itself and cannot be the id of a question.",
    ),
    "question-correct-it": (
        "回答した職員がいる問題の正解が変わっています。正解は、問題の画面の「訂正」で変えてください。",
        "The key of a question that officers have answered is another. Change it with a correction, on the question's page.",
    ),
    "question-needs-review": (
        "公開する前にほかの人の確認が必要です。「確認待ち」か「下書き」で取り込んでください。",
        "A second person must approve it first. Bring it in as “review” or “draft”.",
    ),
}
