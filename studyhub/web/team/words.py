"""What the team's pages say, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext, ngettext

from studyhub.domain.days import days_since
from studyhub.domain.mastery import Band
from studyhub.domain.skill_columns import TopicCell
from studyhub.domain.team import Column, PersonRow
from studyhub.reads.team import TeamPage


def band_words() -> dict[Band, str]:
    return {
        Band.NONE: gettext("未学習"),
        Band.WEAK: gettext("要復習"),
        Band.NEAR: gettext("あと少し"),
        Band.FIRM: gettext("定着"),
    }


def details(now: datetime) -> Callable[[TopicCell], str]:
    """Count and age of a cell's evidence in words. A page has thousands of cells, so each word is looked up once."""
    sentence = gettext("%(count)s、最後は%(age)s", count="{count}", age="{age}")
    count_words: dict[int, str] = {}
    age_words: dict[int, str] = {}

    def told(cell: TopicCell) -> str:
        if cell.last_at is None:
            return ""
        count, age = cell.responses, days_since(cell.last_at, now)
        if count not in count_words:
            count_words[count] = ngettext("%(num)s問", "%(num)s問", count)
        if age not in age_words:
            age_words[age] = ngettext("%(num)s日前", "%(num)s日前", age) if age else gettext("今日")
        return str(sentence.format(count=count_words[count], age=age_words[age]))

    return told


def column_name(column: Column, *, japanese: bool) -> str:
    if column.topic_id is None:
        return str(gettext("全体"))
    return column.name if japanese else column.name_en


def headings(page: TeamPage, *, japanese: bool) -> tuple[str, ...]:
    """Of the exported table."""
    first = (
        gettext("氏名"),
        gettext("ふりがな"),
        gettext("所属"),
        gettext("職名"),
        gettext("最後に学習した日"),
    )
    names = [column_name(column, japanese=japanese) for column in page.topics.columns]
    counts = [gettext("%(topic)sの回答数", topic=name) for name in names]
    return (*first, *(each for pair in zip(names, counts, strict=True) for each in pair))


def cells(row: PersonRow) -> tuple[str | int, ...]:
    """Of the exported table: the band in words and the number of answers for each topic."""
    words = band_words()
    first = (row.name, row.kana, row.unit, row.title, row.last_on.isoformat() if row.last_on else "")
    bands = [(words[cell.band], cell.responses) for cell in row.cells]
    return (*first, *(each for pair in bands for each in pair))
