"""The sentences of findings in tables of people, Japanese and English, by code."""

from collections.abc import Mapping

PEOPLE_MESSAGES: Mapping[str, tuple[str, str]] = {
    # The file as a whole
    "table-old-or-locked": (
        "古い形式（.xls）か、パスワードのかかったファイルです。.xlsx または CSV で保存し直してください。",
        "This is an old .xls file or one with a password. Save it as .xlsx or CSV.",
    ),
    "table-too-many-rows": (
        "行が多すぎます（上限 %(limit)s 行）。分けて取り込んでください。",
        "There are too many rows (limit %(limit)s). Split the file.",
    ),
    "table-csv": (
        'この行で開いた引用符（"）が正しく閉じていないため、ここから先を読めません。引用符を直すか、表計算ソフトで'
        "CSVとして保存し直してください。",
        'A quotation mark (") opened in this line is not closed properly, so nothing from here on can be read. '
        "Mend it, or save the file as CSV again with a spreadsheet program.",
    ),
    "table-cell-too-long": (
        "この行に長すぎるセルがあります（上限 %(limit)s 文字）。",
        "A cell of this line is too long (limit %(limit)s characters).",
    ),
    "table-formula": (
        "セル%(cell)sの数式に、計算の結果が保存されていません。Excelで開いて保存し直すか、数式を値に直してください。",
        "The formula in cell %(cell)s has no result stored. Open the file in Excel and save it again, "
        "or replace the formula by its value.",
    ),
    "table-encoding": (
        "文字コードを判別できません。UTF-8 か Shift_JIS（CP932）で保存し直してください。",
        "The encoding is unknown. Save the file as UTF-8 or Shift_JIS (CP932).",
    ),
    "table-xlsx": (
        "Excelのファイルとして読めません。壊れているか、途中で切れています。Excelで開けるか確かめ、.xlsx で保存し直してください。",
        "This cannot be read as an Excel file: it is damaged or incomplete. Check that Excel opens it, "
        "and save it as .xlsx again.",
    ),
    "table-bomb": (
        "展開すると大きくなりすぎるファイルです（上限 %(limit)s バイト）。",
        "The file unpacks to more than %(limit)s bytes.",
    ),
    "table-empty": ("データの行がありません。", "There is no row of data."),
    "table-unknown-column": (
        "列「%(column)s」は使われません。見出しの綴りを確かめてください。",
        "The column “%(column)s” is not used. Check the spelling of its heading.",
    ),
    "table-duplicate-column": (
        "列「%(column)s」が二つあります。",
        "The column “%(column)s” is there twice.",
    ),
    # One row
    "people-login": (
        "ログインID「%(value)s」は使えません。半角の英小文字・数字と . _ @ + - で、2文字以上にしてください。",
        "“%(value)s” cannot be a login. Use two or more lower-case letters, digits and . _ @ + -.",
    ),
    "people-missing": ("「%(column)s」が空です。", "“%(column)s” is empty."),
    "people-too-long": (
        "「%(column)s」が長すぎます（上限 %(limit)s 文字）。",
        "“%(column)s” is too long (limit %(limit)s characters).",
    ),
    "people-full-name": (
        "氏名「%(value)s」の姓と名の間に空白を入れてください。",
        "Put a blank between family and given name in “%(value)s”.",
    ),
    "people-kana": (
        "「%(column)s」の「%(value)s」はかなで書いてください。",
        "“%(value)s” in “%(column)s” must be kana.",
    ),
    "people-email": (
        "メールアドレス「%(value)s」の形が正しくありません。",
        "“%(value)s” is not an e-mail address.",
    ),
    "people-role": (
        "権限「%(value)s」は使えません。使えるのは、職員・講師・管理職・管理者です。",
        "“%(value)s” is not a role. There are officer, lecturer, supervisor and administrator.",
    ),
    "people-kind": (
        "区分「%(value)s」は使えません。本務か兼務と書いてください。",
        "“%(value)s” is not a kind of post. Write main or concurrent.",
    ),
    "people-yes-or-no": (
        "「%(column)s」の「%(value)s」は、○か空欄にしてください。",
        "“%(value)s” in “%(column)s” must be yes or empty.",
    ),
    "people-date": (
        "「%(column)s」の「%(value)s」は日付として読めません。2027-04-01 の形で書いてください。",
        "“%(value)s” in “%(column)s” is not a date. Write it like 2027-04-01.",
    ),
    "people-date-range": (
        "「%(column)s」の「%(value)s」は使えません。%(first)s から %(last)s までの日にしてください"
        "（離任日が決まっていなければ、空にします）。",
        "“%(value)s” in “%(column)s” cannot be used. Give a day from %(first)s to %(last)s "
        "(leave the last day empty while it is not known).",
    ),
    "people-dates-order": (
        "離任日が着任日より前です。",
        "The last day is before the first.",
    ),
    "people-post-without-unit": (
        "職名・区分・日付がありますが、局・部・課・係のどれもありません。",
        "There is a title, kind or date but no bureau, division, section or team.",
    ),
    # Rows against each other
    "people-differs": (
        "「%(column)s」が、同じログインIDの%(other)s行目と違います。",
        "“%(column)s” differs from line %(other)s, which has the same login.",
    ),
    "people-repeated": ("%(other)s行目と同じ内容です。", "This is the same as line %(other)s."),
    "people-staff-number-twice": (
        "職員番号「%(value)s」は、%(other)s行目では別のログインIDの人のものです。",
        "The staff number “%(value)s” belongs to another login in line %(other)s.",
    ),
    # Rows against what is stored
    "people-staff-number-taken": (
        "職員番号「%(value)s」は、別のログインID「%(login)s」の人のものです。",
        "The staff number “%(value)s” belongs to “%(login)s”.",
    ),
    "people-staff-number-other": (
        "このログインIDの人の職員番号は「%(stored)s」です（「%(value)s」でした）。別人ではありませんか。",
        "The person with this login has the staff number “%(stored)s” (here “%(value)s”). Is it somebody else?",
    ),
    "people-inactive": (
        "このログインIDの人は利用停止中です。先に利用を再開してください。",
        "The person with this login is deactivated. Reactivate the account first.",
    ),
    "people-administrator": (
        "この人は管理者です。管理者の権限は取り込みでは外せません。",
        "This person is an administrator. An import cannot take that role away.",
    ),
    "people-unit-opens-later": (
        "組織「%(unit)s」ができるのは %(day)s です。着任日をそれ以後にしてください。",
        "“%(unit)s” opens on %(day)s. The post must not start before.",
    ),
    "people-unit-closes": (
        "組織「%(unit)s」があるのは %(day)s までです。離任日をその日までにするか、ほかの組織にしてください。",
        "“%(unit)s” exists until %(day)s. End the post by that day, or name another unit.",
    ),
    "people-parent-closes": (
        "組織「%(unit)s」があるのは %(day)s までなので、その下に新しい組織を作れません。先にその廃止を取り消すか、ほかの組織の下にしてください。",
        "“%(unit)s” exists until %(day)s, so no new unit can be opened below it. Take its closing back first, or"
        " put the new unit under another one.",
    ),
    "people-later-post": (
        "この人には %(day)s より後に始まる本務の所属があります。先にその所属を終えてください。",
        "This person has a main post that starts after %(day)s. End that one first.",
    ),
    "people-two-mains": (
        "本務の所属が同じ日に二つになります。日付を確かめてください。兼務なら区分に「兼務」と書いてください。",
        "There would be two main posts on the same day. Check the dates. "
        "If one is a concurrent post, write “concurrent” as its kind.",
    ),
}
