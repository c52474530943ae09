"""The one field of forms for a day."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import DateField

from studyhub.domain.days import read_day
from studyhub.domain.errors import Invalid
from studyhub.web.errors import sentence


class DayField(DateField):
    """Reads what people type where the browser has no calendar to offer, and says in our words what is wrong."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if not valuelist:
            return
        self.data = None
        try:
            self.data = read_day(valuelist[0], self.name)
        except Invalid as refused:
            raise ValueError(sentence(refused)) from refused
