"""Signing in, its limits, and what ends a sign-in."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from studyhub.domain.errors import Invalid, NotFound
from studyhub.domain.identity import Role
from studyhub.domain.sign_in import ACCOUNT_LIMIT, ADDRESS_LIMIT, counted_address, normal_login
from studyhub.persistence.models import AuditEntry, SignIn, SignInFailure, User
from studyhub.persistence.session import transaction
from studyhub.services import account, passwords
from studyhub.services.account import PasswordChange, PasswordChanged
from studyhub.services.people import deactivate, set_roles
from studyhub.services.sign_in import (
    Refused,
    SignedIn,
    SignInCommand,
    conclude,
    end,
    examine,
    resolve,
    revoke,
    rotate,
    sign_in,
    touch,
)
from tests.personas import PASSWORD

DAYS = 14
NEW_PASSWORD = "kawa-no-oto-to-asagiri"


def command(login="officer", password=PASSWORD, address="192.0.2.7", **more) -> SignInCommand:
    return SignInCommand(login, password, address, "Mozilla/5.0", **more)


def signed_in(db, now, login="officer", **more) -> SignedIn:
    outcome = sign_in(db, command(login, **more), now, DAYS)
    assert isinstance(outcome, SignedIn)
    return outcome


def fail(db, now, times, login="officer", address="192.0.2.7") -> None:
    for _ in range(times):
        assert sign_in(db, command(login, "not the phrase", address), now, DAYS) == Refused()


def statements(db, run) -> int:
    counted = []
    listener = lambda *_: counted.append(1)  # noqa: E731
    event.listen(db.get_bind(), "before_cursor_execute", listener)
    run()
    event.remove(db.get_bind(), "before_cursor_execute", listener)
    return len(counted)


def test_an_officer_signs_in_and_is_known_by_the_token(db, personas, now):
    token = signed_in(db, now).token
    actor, _, needs_touch = resolve(db, token, now)
    assert actor == personas.officer
    assert not needs_touch


def test_the_roles_of_a_person_with_several_come_along(db, personas, now):
    actor, _, _ = resolve(db, signed_in(db, now, "lecturer").token, now)
    assert actor.roles == {Role.OFFICER, Role.LECTURER}


def test_somebody_without_any_role_is_known_but_may_nothing(db, personas, now):
    token = signed_in(db, now).token
    set_roles(db, personas.administrator, personas.officer.user_id, (), now)
    assert resolve(db, token, now)[0].roles == frozenset()


def test_who_acts_is_found_in_one_statement(db, personas, now):
    token = signed_in(db, now).token
    assert statements(db, lambda: resolve(db, token, now)) == 1


def test_the_login_may_be_typed_in_capitals_and_full_width(db, personas, now):
    assert isinstance(sign_in(db, command(" Ｏｆｆｉｃｅｒ "), now, DAYS), SignedIn)


def test_the_token_is_not_in_the_database(db, personas, now):
    token = signed_in(db, now).token
    assert db.scalars(select(SignIn.token_hash)).one() != token


@pytest.mark.parametrize(
    ("login", "password"), [("officer", "wrong"), ("nobody", PASSWORD), ("", ""), ("a\0b", "x")]
)
def test_a_wrong_phrase_and_an_unknown_account_get_the_same_answer(db, personas, now, login, password):
    assert sign_in(db, command(login, password), now, DAYS) == Refused(None)


def test_an_unknown_account_costs_the_same_work(db, personas, now, monkeypatch):
    checked = []
    monkeypatch.setattr(passwords, "_matches", lambda *_: checked.append(1) or False)
    examine(db, command("officer", "wrong"), now)
    known, checked[:] = len(checked), []
    examine(db, command("nobody", "wrong"), now)
    assert known == len(checked) == 1


def test_a_failure_is_counted_though_the_sign_in_is_refused(engine, personas, now):
    with transaction(engine) as db:
        sign_in(db, command(password="wrong"), now, DAYS)
    with transaction(engine) as db:
        assert db.scalar(select(func.count()).select_from(SignInFailure)) == 1


def test_after_ten_failures_even_the_right_phrase_must_wait(db, personas, now):
    fail(db, now, ACCOUNT_LIMIT.failures)
    assert sign_in(db, command(), now + timedelta(minutes=5), DAYS) == Refused(retry_after_s=600)
    assert isinstance(sign_in(db, command(), now + timedelta(minutes=15), DAYS), SignedIn)


def test_an_unknown_account_is_limited_just_like_a_known_one(db, personas, now):
    fail(db, now, ACCOUNT_LIMIT.failures, login="nobody")
    assert sign_in(db, command("nobody"), now, DAYS) == Refused(retry_after_s=900)


def test_trying_while_limited_does_not_make_the_wait_longer(db, personas, now):
    fail(db, now, ACCOUNT_LIMIT.failures)
    for _ in range(5):
        sign_in(db, command(password="wrong"), now + timedelta(minutes=14), DAYS)
    assert isinstance(sign_in(db, command(), now + timedelta(minutes=15), DAYS), SignedIn)


def test_fifty_failures_from_one_address_stop_that_address_and_no_other(db, personas, now):
    for number in range(ADDRESS_LIMIT.failures):
        db.add(SignInFailure(account=f"guess{number}", address="192.0.2.7", at=now))
    db.flush()
    assert sign_in(db, command(), now, DAYS) == Refused(retry_after_s=900)
    assert isinstance(sign_in(db, command(address="192.0.2.8"), now, DAYS), SignedIn)


def test_a_limit_reached_is_in_the_log_once(db, personas, now):
    fail(db, now, ACCOUNT_LIMIT.failures)
    sign_in(db, command(password="wrong"), now, DAYS)
    assert db.scalar(select(func.count()).where(AuditEntry.action == "sign_in.limit")) == 1


def test_failures_beside_this_attempt_count_when_it_is_concluded(db, personas, now):
    examined = examine(db, command(), now)
    fail(db, now, ACCOUNT_LIMIT.failures)
    assert conclude(db, command(), examined, now, DAYS) == Refused(retry_after_s=900)


def test_a_phrase_changed_between_check_and_conclusion_no_longer_fits(db, personas, now):
    examined = examine(db, command(), now)
    db.get(User, personas.officer.user_id).password_hash = passwords.hash_password(NEW_PASSWORD)
    assert conclude(db, command(), examined, now, DAYS) == Refused()


def test_signing_in_again_ends_the_sign_in_the_browser_had(db, personas, now):
    first = signed_in(db, now).token
    second = signed_in(db, now, previous_token=first).token
    assert first != second
    assert resolve(db, first, now) is None
    assert resolve(db, second, now) is not None


def test_a_token_is_worth_nothing_after_signing_out(db, personas, now):
    token = signed_in(db, now).token
    end(db, token, now)
    end(db, token, now)
    assert resolve(db, token, now) is None


def test_a_sign_in_expires(db, personas, now):
    token = signed_in(db, now).token
    assert resolve(db, token, now + timedelta(days=DAYS, seconds=-1)) is not None
    assert resolve(db, token, now + timedelta(days=DAYS)) is None


@pytest.mark.parametrize("token", ["", "x", "あ" * 5000, "\ud800"])
def test_a_made_up_token_is_nobody(db, personas, now, token):
    assert resolve(db, token, now) is None


def test_last_seen_is_written_at_most_every_five_minutes(db, personas, now):
    token = signed_in(db, now).token
    later = now + timedelta(minutes=5)
    _, sign_in_id, needs_touch = resolve(db, token, later)
    assert needs_touch
    touch(db, sign_in_id, later)
    assert not resolve(db, token, later + timedelta(minutes=4))[2]
    touch(db, sign_in_id, later + timedelta(minutes=4))
    assert db.get(SignIn, sign_in_id, populate_existing=True).last_seen_at == later


def test_a_rotated_token_replaces_the_old_one(db, personas, now):
    old = signed_in(db, now).token
    new = rotate(db, resolve(db, old, now)[1], now)
    assert resolve(db, old, now) is None
    assert resolve(db, new, now)[0] == personas.officer


def test_an_officer_ends_a_sign_in_of_their_own_and_cannot_see_those_of_others(db, personas, now):
    own, other = signed_in(db, now).token, signed_in(db, now, "lecturer").token
    own_id, other_id = resolve(db, own, now)[1], resolve(db, other, now)[1]
    revoke(db, personas.officer, own_id, now)
    with pytest.raises(NotFound):
        revoke(db, personas.officer, other_id, now)
    assert resolve(db, own, now) is None
    assert resolve(db, other, now) is not None


def test_a_deactivated_person_is_signed_out_and_cannot_sign_in(db, personas, now):
    token = signed_in(db, now).token
    deactivate(db, personas.administrator, personas.officer.user_id, now)
    assert resolve(db, token, now) is None
    assert sign_in(db, command(), now, DAYS) == Refused()


def test_a_change_of_phrase_ends_the_other_sign_ins_and_renews_this_one(db, personas, now):
    here, elsewhere = signed_in(db, now).token, signed_in(db, now).token
    change = PasswordChange(PASSWORD, NEW_PASSWORD, resolve(db, here, now)[1])
    outcome = account.change_password(db, personas.officer, change, now)
    assert isinstance(outcome, PasswordChanged)
    assert outcome.ended_sign_ins == 1
    assert resolve(db, here, now) is resolve(db, elsewhere, now) is None
    assert resolve(db, outcome.token, now)[0] == personas.officer
    assert sign_in(db, command(), now, DAYS) == Refused()
    assert isinstance(sign_in(db, command(password=NEW_PASSWORD), now, DAYS), SignedIn)


def test_of_two_changes_of_phrase_at_once_the_second_must_know_the_first(engine, personas, now):
    def change_late() -> PasswordChanged | Refused:
        with transaction(engine) as db:
            late = PasswordChange(PASSWORD, "yama-no-oto-to-yuugiri", None)
            return account.change_password(db, personas.officer, late, now)

    with ThreadPoolExecutor(1) as second:
        with transaction(engine) as db:
            change = PasswordChange(PASSWORD, NEW_PASSWORD, None)
            assert isinstance(account.change_password(db, personas.officer, change, now), PasswordChanged)
            late = second.submit(change_late)
            with pytest.raises(TimeoutError):
                late.result(timeout=0.5)
        assert late.result(timeout=30) == Refused()


def test_guessing_the_current_phrase_is_limited_like_signing_in(db, personas, now):
    change = PasswordChange("not the phrase", NEW_PASSWORD, None)
    for _ in range(ACCOUNT_LIMIT.failures):
        assert account.change_password(db, personas.officer, change, now) == Refused()
    right = replace(change, current=PASSWORD)
    assert account.change_password(db, personas.officer, right, now) == Refused(retry_after_s=900)


def test_the_new_phrase_must_meet_the_policy_and_be_new(db, personas, now):
    with pytest.raises(Invalid, match="文字以上"):
        account.change_password(db, personas.officer, PasswordChange(PASSWORD, "short", None), now)
    with pytest.raises(Invalid, match="現在と同じ"):
        account.change_password(db, personas.officer, PasswordChange(PASSWORD, PASSWORD, None), now)


def test_a_hash_of_a_one_time_phrase_is_replaced_at_the_first_sign_in(db, personas, now):
    user = db.get(User, personas.officer.user_id)
    user.password_hash = passwords.hash_one_time("first-time-phrase")
    db.flush()
    signed_in(db, now, password="first-time-phrase")
    assert "m=19456,t=2,p=1" in user.password_hash
    signed_in(db, now, password="first-time-phrase")


def test_a_damaged_hash_is_a_refusal_and_no_error(db, personas, now):
    db.get(User, personas.officer.user_id).password_hash = "$argon2id$damaged"
    assert sign_in(db, command(), now, DAYS) == Refused()


def test_a_phrase_typed_in_full_width_is_the_same_phrase():
    assert passwords.verify(passwords.hash_password("kawa-no-oto-12"), "ｋａｗａ-no-oto-１２").fits


def test_addresses_of_one_ipv6_customer_count_as_one():
    assert counted_address("2001:db8:1:2::1") == counted_address("2001:db8:1:2:ffff::9") == "2001:db8:1:2::"
    assert counted_address("::ffff:192.0.2.7") == counted_address("192.0.2.7")
    assert counted_address("unix:\0socket") == "unix:socket"


def test_a_login_is_cut_and_cleaned():
    assert normal_login(" Ｈａｎａｋｏ\u200b.SATO\0 ") == "hanako.sato"
    assert len(normal_login("x" * 500)) == 80
