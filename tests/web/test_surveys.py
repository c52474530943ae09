"""Making, answering and reading surveys, without a script."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from studyhub.domain.surveys import SurveyMoment
from studyhub.persistence.models import Survey, SurveyItem
from studyhub.persistence.session import reading, transaction
from studyhub.services.surveys import close_survey
from tests.browsing import Browser
from tests.factories.study_sessions import make_course, make_study_session
from tests.factories.surveys import answer_as_many, make_survey
from tests.personas import Personas

KEY = "first-hearing"
BASE = f"/studio/study-sessions/{KEY}/surveys"


@pytest.fixture
def site(engine: Engine, personas: Personas, now: datetime, client: Browser) -> Browser:
    with transaction(engine) as db:
        make_study_session(db, now, make_course(db), key=KEY)
    return client


def _labels(engine: Engine) -> list[str]:
    with reading(engine) as db:
        return list(db.scalars(select(SurveyItem.label).order_by(SurveyItem.position)))


def test_a_survey_is_made_changed_looked_at_and_opened(
    site: Browser, engine: Engine, personas: Personas
) -> None:
    site.sign_in(personas.lecturer)
    assert site.send(BASE, moment="after").status_code == 303
    assert "この勉強会に満足しましたか" in site.read(f"{BASE}/after")
    saved = site.send(f"{BASE}/after", **_builder("よかったこと", "困ったこと"))
    assert saved.headers["Location"] == f"{BASE}/after/preview"
    assert _labels(engine) == ["よかったこと", "困ったこと"]
    assert "ここでは回答できません。" in site.read(f"{BASE}/after/preview")
    site.send(f"{BASE}/after/open")
    assert "受付中" in site.read(BASE)
    assert site.get(f"{BASE}/after").headers["Location"] == f"{BASE}/after/results"


def _builder(*labels: str, step: str = "") -> dict[str, str]:
    fields = {"title": "アンケート", "step": step}
    for place, label in enumerate(labels):
        fields |= {f"kind-{place}": "text", f"label-{place}": label}
    return fields


@pytest.mark.parametrize(
    ("step", "labels"),
    [("up:1", ["困ったこと", "よかったこと"]), ("down:0", ["困ったこと", "よかったこと"]), ("remove:0", ["困ったこと"]),
     ("up:0", ["よかったこと", "困ったこと"]), ("add-scale", ["よかったこと", "困ったこと", ""]),
     ("remove:99", ["よかったこと", "困ったこと"]), ("add-nonsense", ["よかったこと", "困ったこと"])],
)  # fmt: skip
def test_questions_move_come_and_go_by_buttons_and_nothing_is_saved_yet(
    site: Browser, engine: Engine, personas: Personas, step: str, labels: list[str]
) -> None:
    site.sign_in(personas.lecturer)
    site.send(BASE, moment="after")
    before = _labels(engine)
    page = site.send(f"{BASE}/after", **_builder("よかったこと", "困ったこと", step=step)).get_data(
        as_text=True
    )
    assert "まだ保存していません。" in page
    shown = [f'name="label-{place}" value="{label}"' in page for place, label in enumerate(labels)]
    assert all(shown)
    assert f'name="label-{len(labels)}"' not in page
    assert _labels(engine) == before


def test_a_survey_is_begun_where_it_is_made_and_closed_after_a_caution(
    site: Browser, engine: Engine, personas: Personas
) -> None:
    site.sign_in(personas.lecturer)
    made = site.send(BASE, moment="after")
    page = site.read(str(made.location))
    assert "そのまま始めることも" in page
    assert 'name="step" value="begin"' in page
    assert site.send(f"{BASE}/after", **_builder("よかったこと", step="begin")).status_code == 303
    assert _labels(engine) == ["よかったこと"]
    shown = site.read(BASE)
    assert "受付中" in shown
    caution, button = shown.index("もう一度始めることはできません"), shown.index("いま締め切る")
    assert shown.index("<details", shown.index("回答の画面を開く")) < caution < button


def test_what_is_missing_is_said_beside_the_question_and_kept(
    site: Browser, engine: Engine, personas: Personas
) -> None:
    site.sign_in(personas.lecturer)
    site.send(BASE, moment="after")
    choice = {"title": "アンケート", "kind-0": "choice", "label-0": "どれですか", "options-0": "一つだけ"}
    refused = site.send(f"{BASE}/after", **choice)
    assert refused.status_code == 400
    page = refused.get_data(as_text=True)
    assert 'id="options-0-error"' in page
    assert "一つだけ" in page


def test_a_day_to_open_by_itself_is_planned(
    site: Browser, engine: Engine, personas: Personas, now: datetime
) -> None:
    site.sign_in(personas.lecturer)
    site.send(BASE, moment="later")
    assert site.send(f"{BASE}/later/plan", opens_on="2026-11-20").status_code == 400
    assert site.send(f"{BASE}/later/plan", opens_on="tomorrow").status_code == 400
    assert site.send(f"{BASE}/later/plan", opens_on="2026-12-21").status_code == 303
    with reading(engine) as db:
        opens_on = db.scalars(select(Survey.opens_on)).one()
    assert opens_on is not None
    assert opens_on.isoformat() == "2026-12-21T00:00:00+00:00"
    assert "2026年12月21日（月）に自動で始まります。" in site.read(BASE)


def test_an_officer_answers_once_and_a_fault_loses_nothing(
    site: Browser, engine: Engine, personas: Personas, now: datetime
) -> None:
    with transaction(engine) as db:
        survey_id = make_survey(db, personas.lecturer, KEY, now)
        ids = db.scalars(select(SurveyItem.id).order_by(SurveyItem.position)).all()
    address = f"/surveys/{survey_id}"
    site.sign_in(personas.officer)
    assert "回答は匿名です。" in site.read(address)
    refused = site.send(address, **{f"item-{ids[0]}": "5", f"item-{ids[3]}": "書きかけ"})
    assert refused.status_code == 400
    page = refused.get_data(as_text=True)
    assert f'href="#item-{ids[1]}"' in page
    assert "書きかけ" in page
    assert f'name="item-{ids[0]}" value="5" checked' in page
    sent = site.send(address, **{f"item-{key}": "2" for key in ids[:3]})
    assert sent.status_code == 303
    assert "回答済みです" in site.read(address)
    assert site.send(address, **{f"item-{key}": "3" for key in ids[:3]}).status_code == 303


@pytest.mark.parametrize(("people", "shown"), [(4, False), (7, True)])
def test_results_are_shown_from_five_up_and_only_when_closed(
    site: Browser, engine: Engine, personas: Personas, now: datetime, people: int, shown: bool
) -> None:
    with transaction(engine) as db:
        survey_id = make_survey(db, personas.lecturer, KEY, now)
        answer_as_many(db, survey_id, people, now - timedelta(0))
    site.sign_in(personas.lecturer)
    assert "結果は締め切ったあとに表示します" in site.read(f"{BASE}/after/results")
    with transaction(engine) as db:
        close_survey(db, personas.lecturer, KEY, SurveyMoment.AFTER, now)
    page = site.read(f"{BASE}/after/results")
    assert ("意見3" in page) == shown
    assert ("回答が5件に満たないため" in page) != shown
    assert site.send(f"{BASE}/after/results/export", format="csv").status_code == (200 if shown else 409)
