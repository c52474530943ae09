"""The administrator's pages, as a person uses them."""

from __future__ import annotations

import io
import re
from threading import Event
from zipfile import ZipFile

import pytest
from sqlalchemy import Engine, select, update

from studyhub.app import create_app
from studyhub.config import Config
from studyhub.jobs.runner import Worker
from studyhub.persistence.models import AuditEntry, Job, Post, Unit, User
from studyhub.persistence.session import reading, transaction
from tests.browsing import Browser, SteppedClock
from tests.furnished import furnish
from tests.personas import Personas


@pytest.fixture
def admin(client: Browser, personas: Personas) -> Browser:
    client.sign_in(personas.administrator)
    return client


def person(personas: Personas, name: str = "officer") -> str:
    return f"/admin/people/{personas.named(name).user_id}"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_no_days_of_the_office(admin: Browser, engine: Engine, day: str) -> None:
    with reading(engine) as db:
        unit = f"/admin/organisation/{db.scalars(select(Unit.id).order_by(Unit.id)).first()}"
    admin.read(f"/admin/audit?since={day}&until={day}")
    admin.read(f"/admin/organisation?on={day}")
    admin.read(f"{unit}?on={day}")
    assert admin.send(f"{unit}/close", last_day=day).status_code == 400
    for step in ("look", "change"):
        sent = {"name": "企画課", "parent_id": "0", "from_day": day, "step": step}
        assert admin.send(f"{unit}/change", **sent).status_code == 400


def test_a_new_persons_pass_phrase_is_shown_once_and_opens_the_site(admin: Browser, app, now) -> None:
    made = admin.send(
        "/admin/people/new",
        family_name="渡邉",
        given_name="英恵",
        login="Hanae",
        roles=["officer", "lecturer"],
    )
    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    phrase = re.search(r'<code class="admin-phrase">([^<]+)</code>', made.text)
    assert phrase is not None
    assert phrase[1] not in admin.read("/admin/people?q=hanae")
    other = app.test_client()
    assert other.send("/sign-in", login="hanae", password=phrase[1]).status_code == 302


def test_a_login_that_is_taken_is_refused_beside_its_field(admin: Browser) -> None:
    refused = admin.send("/admin/people/new", family_name="渡邉", given_name="英恵", login="officer")
    assert refused.status_code == 400
    assert 'id="login-error"' in refused.text
    assert 'value="渡邉"' in refused.text


def test_roles_are_changed_but_the_last_administrator_stays(admin: Browser, personas: Personas) -> None:
    admin.send(f"{person(personas)}/roles", roles=["officer", "supervisor"])
    assert 'id="role-supervisor" type="checkbox" name="roles" value="supervisor" checked' in admin.read(
        person(personas)
    )
    admin.send(f"{person(personas, 'administrator')}/roles", roles=["officer"])
    assert "管理者が一人もいなくなる" in admin.read(person(personas, "administrator"))


def test_a_transfer_ends_the_old_post_the_day_before(
    admin: Browser, engine: Engine, personas: Personas
) -> None:
    with reading(engine) as db:
        road = db.scalar(select(Unit.id).where(Unit.name == "道路課"))
    sent = {"kind": "transfer", "unit_id": road, "starts_on": "2027-04-01", "title": "主任"}
    assert admin.send(f"{person(personas)}/posts", **sent).status_code == 302
    page = admin.read(person(personas))
    assert "2027年3月31日（水）まで" in page
    assert "2027年4月1日（木）から" in page
    with reading(engine) as db:
        planned = db.scalar(select(Post.id).where(Post.title == "主任"))
    admin.send(f"{person(personas)}/posts/{planned}/cancel")
    assert "2027年" not in admin.read(person(personas)).split("登録情報")[0]


def test_a_second_main_post_before_a_planned_one_is_refused_with_a_sentence(
    admin: Browser, engine: Engine, personas: Personas
) -> None:
    with reading(engine) as db:
        road = db.scalar(select(Unit.id).where(Unit.name == "道路課"))
    for day, status in (("2027-04-01", 302), ("2027-03-01", 400)):
        sent = admin.send(f"{person(personas)}/posts", kind="transfer", unit_id=road, starts_on=day)
        assert sent.status_code == status
    assert "異動日より後に始まる" in sent.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2027-02-30", "2027-04-01 の形の、実際にある日付を入れてください。"),
        ("あした", "2027-04-01 の形の、実際にある日付を入れてください。"),
        ("1850-01-01", "1900-01-01 から 2999-12-31 までの日付を入れてください。"),
        ("", "日付を入力してください。"),
    ],
)
def test_a_day_that_cannot_be_is_refused_in_words_of_the_site(
    admin: Browser, personas: Personas, typed: str, said: str
) -> None:
    for field in ("starts_on", "ends_on") if typed else ("starts_on",):
        sent = {"kind": "transfer", "unit_id": 1, "starts_on": "2027-04-01"} | {field: typed}
        refused = admin.send(f"{person(personas)}/posts", **sent)
        assert refused.status_code == 400
        assert said in refused.text
        assert "無効な日付型" not in refused.text
    with_words = admin.send(f"{person(personas)}/posts/1/end", last_day=typed)
    assert with_words.status_code == 400
    assert said in with_words.text


@pytest.mark.parametrize("typed", ["2027/4/1", "２０２７／０４／０１"])
def test_a_day_is_taken_with_slashes_and_in_full_width(
    admin: Browser, engine: Engine, personas: Personas, typed: str
) -> None:
    with reading(engine) as db:
        road = db.scalar(select(Unit.id).where(Unit.name == "道路課"))
    sent = {"kind": "concurrent", "unit_id": road, "starts_on": typed}
    assert admin.send(f"{person(personas)}/posts", **sent).status_code == 302
    assert "2027年4月1日（木）から" in admin.read(person(personas))


def test_units_are_found_by_name_when_a_post_is_registered(admin: Browser, personas: Personas) -> None:
    found = admin.send(f"{person(personas)}/posts", step="find", find="道路", starts_on="2027-04-01")
    assert found.status_code == 200
    assert "道路課" in found.text
    assert "企画課" not in found.text.split('id="unit_id"')[1].split("</select>")[0]


def test_nobody_is_put_into_the_first_unit_of_the_list_by_oversight(
    admin: Browser, personas: Personas
) -> None:
    choices = admin.read(f"{person(personas)}/posts").split('id="unit_id"')[1].split("</select>")[0]
    assert choices.index('value="0"') < choices.index("企画課")
    refused = admin.send(f"{person(personas)}/posts", kind="transfer", unit_id=0, starts_on="2027-04-01")
    assert refused.status_code == 400
    assert "組織を選んでください。" in refused.text


def test_deactivating_ends_the_sign_ins_at_once(admin: Browser, app, personas: Personas) -> None:
    officer = app.test_client()
    officer.sign_in(personas.officer)
    assert officer.get("/account").status_code == 200
    admin.send(f"{person(personas)}/deactivate")
    assert officer.get("/account").status_code == 302
    assert "利用停止" in admin.read(person(personas))
    admin.send(f"{person(personas)}/reactivate")
    assert "利用停止" not in admin.read(person(personas))


def test_sign_ins_are_seen_and_ended(admin: Browser, app, personas: Personas) -> None:
    officer = app.test_client()
    officer.sign_in(personas.officer)
    assert "いま、2人が2の端末で" in admin.read("/admin/sign-ins")
    admin.send("/admin/sign-ins/end-others")
    assert officer.get("/account").status_code == 302
    assert "いま、1人が1の端末で" in admin.read("/admin/sign-ins")


def test_a_move_of_a_unit_is_shown_before_it_is_done(
    admin: Browser, engine: Engine, personas: Personas
) -> None:
    with reading(engine) as db:
        units = {row.name: row.id for row in db.execute(select(Unit.name, Unit.id))}
    place = f"/admin/organisation/{units['企画課']}/change"
    change = {"name": "事業企画課", "parent_id": units["建設局"], "from_day": "2027-04-01"}
    shown = admin.send(place, **change)
    assert "建設局 › 事業企画課" in shown.text
    assert "4人、下の組織0" in shown.text
    with reading(engine) as db:
        assert db.scalar(select(Unit.id).where(Unit.name == "事業企画課")) is None
    assert admin.send(place, step="do", **change).status_code == 302
    assert "事業企画課" in admin.read("/admin/organisation?on=2027-04-01")
    today = admin.read("/admin/organisation")
    assert "「デジタル推進局 › 企画課」が「建設局 › 事業企画課」になります" in today


def test_a_new_unit_may_begin_in_the_future(admin: Browser, engine: Engine, personas: Personas) -> None:
    with reading(engine) as db:
        digital = db.scalar(select(Unit.id).where(Unit.name == "デジタル推進局"))
    sent = {"name": "データ課", "level": "section", "parent_id": digital, "starts_on": "2027-04-01"}
    assert admin.send("/admin/organisation/new", **sent).status_code == 302
    tree = admin.read("/admin/organisation").split("これからの変更")
    assert "データ課" not in tree[0]
    assert "「デジタル推進局 › データ課」ができます" in tree[1]


def test_settings_reach_every_page_within_seconds_and_of_every_process(
    admin: Browser, app, config: Config, clock: SteppedClock, compiled_templates
) -> None:
    elsewhere = create_app(config, clock=clock)
    elsewhere.jinja_env.bytecode_cache = compiled_templates
    visitor = elsewhere.test_client()
    assert "学びの広場" not in visitor.get("/sign-in").text
    sent = {
        "site_name": "学びの広場",
        "purpose": "支援にだけ使います。",
        "purpose_en": "For support.",
        "digest_weekday": "0",
    }
    assert admin.send("/admin/settings", **sent).status_code == 302
    here = admin.read("/admin/settings")
    assert "学びの広場" in here
    assert "支援にだけ使います。" in here.split("<footer")[1]
    clock.advance(seconds=11)
    assert "学びの広場" in visitor.get("/sign-in").text
    elsewhere.extensions["studyhub"].engine.dispose()


def test_a_setting_that_cannot_be_is_refused_beside_its_field(admin: Browser) -> None:
    refused = admin.send("/admin/settings", purpose="", purpose_en="x", digest_weekday="0")
    assert refused.status_code == 400
    assert 'id="purpose-error"' in refused.text


def test_the_log_is_searched_by_what_who_whom_and_when(
    admin: Browser, engine: Engine, personas: Personas
) -> None:
    admin.send(f"{person(personas)}/roles", roles=["officer", "lecturer"])
    said = "佐藤 花子さんの役割を「学習者」から「講師・学習者」に変えました。"
    for query in ("", "?action=user.", "?who=小林", "?about=佐藤花子", "?since=2026-11-23&until=2026-11-23"):
        assert said in admin.read(f"/admin/audit{query}"), query
    with transaction(engine) as db:
        db.execute(update(User).where(User.login == "administrator").values(family_name="髙橋"))
    assert said in admin.read("/admin/audit?who=高橋")
    for query in ("?action=unit.", "?who=佐藤", "?about=小林", "?since=2026-11-24", "?until=2026-11-22"):
        assert said not in admin.read(f"/admin/audit{query}"), query


def test_days_of_the_log_that_are_the_wrong_way_round_are_told(admin: Browser) -> None:
    page = admin.read("/admin/audit?since=2026-11-24&until=2026-11-22")
    assert "「この日から」が「この日まで」より後の日になっています" in page
    assert "あてはまる記録はありません" not in page


def test_an_action_nobody_has_words_for_is_shown_as_it_is(admin: Browser, engine: Engine, now) -> None:
    with transaction(engine) as db:
        db.add(AuditEntry(at=now, action="moon.land", detail={"crew": 3}))
    assert "moon.land" in admin.read("/admin/audit")


def test_the_log_is_exported_without_formulas_and_that_is_in_the_log(
    admin: Browser, engine: Engine, personas: Personas
) -> None:
    with transaction(engine) as db:
        db.execute(update(User).where(User.login == "administrator").values(family_name="=cmd()"))
    exported = admin.send("/admin/audit/export", format="csv")
    assert exported.headers["Content-Disposition"].endswith("studyhub-audit.csv")
    assert exported.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "'=cmd()" in exported.get_data().decode("utf-8-sig")
    assert admin.send("/admin/audit/export", format="xlsx").data.startswith(b"PK")
    assert "操作の記録を" in admin.read("/admin/audit?action=audit.")


def test_a_backup_is_made_downloaded_and_the_download_is_in_the_log(
    admin: Browser, engine: Engine, config: Config, clock: SteppedClock
) -> None:
    admin.send("/admin/backups")
    assert "順番を待っています" in admin.read("/admin/backups")
    Worker(engine, config, clock=clock).run_all(Event())
    name = "studyhub-20261123-100000.zip"
    assert name in admin.read("/admin/backups")
    taken = admin.send(f"/admin/backups/{name}/download")
    with ZipFile(io.BytesIO(taken.data)) as archive:
        assert "manifest.json" in archive.namelist()
    taken.close()
    assert f"バックアップ「{name}」をダウンロードしました。" in admin.read("/admin/audit?action=backup.")


def test_a_failed_job_says_why_and_is_tried_again(admin: Browser, engine: Engine, now) -> None:
    with transaction(engine) as db:
        job = Job(
            kind="sweep", state="failed", run_after=now, attempts=5, created_at=now, finished_at=now,
            last_error="Traceback\nValueError: <b>what</b> was wrong",
        )  # fmt: skip
        db.add(job)
        db.flush()
        job_id = job.id
    assert "失敗した処理が1件あります。" in admin.read("/admin")
    assert "ValueError: &lt;b&gt;what&lt;/b&gt; was wrong" in admin.read("/admin/jobs?state=failed")
    admin.send(f"/admin/jobs/{job_id}/retry")
    assert "順番を待っています" in admin.read(f"/admin/jobs/{job_id}")


def test_a_person_is_erased_only_after_the_login_was_typed(admin: Browser, personas: Personas) -> None:
    place = f"{person(personas)}/erase"
    assert "なくなるもの" in admin.read(place)
    assert admin.send(place, login="somebody").status_code == 400
    assert admin.send(place, login="officer").status_code == 302
    assert "だれのものか分からない" in admin.read(person(personas))
    assert "佐藤" not in admin.read("/admin/audit?action=user.")


def test_everybody_takes_their_own_data_and_only_their_own(client: Browser, personas: Personas) -> None:
    client.sign_in(personas.officer)
    taken = client.send("/account/data")
    with ZipFile(io.BytesIO(taken.data)) as archive:
        page = archive.read("index.html").decode()
    assert "佐藤" in page
    assert "鈴木" not in page
    assert client.send(f"/admin/people/{personas.lecturer.user_id}/data", reason="x").status_code == 403


def test_a_table_is_brought_in_through_the_browser(
    admin: Browser, engine: Engine, config: Config, clock: SteppedClock
) -> None:
    content = "ログインID,姓,名,局,課\nhanae,渡邉,英恵,デジタル推進局,企画課\n".encode()
    sent = admin.send("/admin/people/import", table=(io.BytesIO(content), "people.csv"))
    place = sent.headers["Location"]
    assert "順番を待っています" in admin.read(place)
    Worker(engine, config, clock=clock).run_all(Event())
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', admin.read(place))
    assert digest is not None
    admin.send(f"{place}/take-in", digest=digest[1])
    Worker(engine, config, clock=clock).run_all(Event())
    assert "取り込みました。" in admin.read(place)
    assert admin.send(f"{place}/passphrases").text.count("hanae") == 1
    assert admin.send(f"{place}/passphrases").status_code == 409


def test_no_page_of_the_administration_shows_what_somebody_learnt(
    admin: Browser, engine: Engine, personas: Personas, now
) -> None:
    with transaction(engine) as db:
        furnish(db, now, user_id=personas.officer.user_id, size=3)
    for word in ("定着", "あと少し", "正解", "読了"):
        assert word not in admin.read(person(personas)), word
