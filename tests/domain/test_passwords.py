import pytest

from studyhub.domain.errors import Invalid
from studyhub.domain.passwords import MIN_LENGTH, check_password
from studyhub.services.passwords import make_passphrase

NAMES = ("佐藤", "花子", "さとう", "はなこ")


def refusal(password: str, login: str = "hanako.sato", names=NAMES) -> str:
    with pytest.raises(Invalid) as caught:
        check_password(password, login=login, names=names)
    assert caught.value.field == "new_password"
    return str(caught.value)


@pytest.mark.parametrize(
    "password",
    [
        "tsukiji-market-0500",
        "correct horse battery",
        "月曜の朝は豆腐の味噌汁から",
        "k7#Qm2!xVw9p",
        "river under bridge 7",
    ],
)
def test_a_long_phrase_is_taken(password):
    check_password(password, login="hanako.sato", names=NAMES)


def test_eleven_signs_are_too_few_and_the_sentence_says_how_many_are_needed():
    assert str(MIN_LENGTH) in refusal("abcdefghijk")


def test_a_phrase_beyond_all_bounds_is_refused():
    assert "200文字以下" in refusal("ab3-" * 100)


def test_blanks_around_a_short_phrase_do_not_make_it_long():
    assert "文字以上" in refusal("  kiwi-24   ")


@pytest.mark.parametrize("password", ["my-hanako.sato-9", "MY-HANAKO.SATO-9", "ｍｙ－ｈａｎａｋｏ．ｓａｔｏ"])
def test_the_login_must_not_stand_in_it_however_it_is_written(password):
    assert "ログインID" in refusal(password)


def test_the_persons_name_must_not_stand_in_it():
    assert "氏名" in refusal("きょうもはなこはげんき2026")


def test_a_name_of_two_signs_may_stand_in_it_by_chance():
    check_password("佐藤一斎の言志四録を朝に読む", login="hanako.sato", names=("佐藤",))


@pytest.mark.parametrize(
    "password",
    [
        "password2026!",
        "Password-1234",
        "sakura-tokyo-2020",
        "qwertyuiop123",
        "839201748362",
        "パスワードパスワード12",
    ],
)
def test_what_everybody_tries_first_is_refused(password):
    assert "よく使われる" in refusal(password)


def test_one_sign_again_and_again_is_refused():
    assert "繰り返し" in refusal("abababababab")


def test_a_passphrase_made_for_somebody_meets_the_policy_and_is_never_the_same():
    made = {make_passphrase() for _ in range(50)}
    assert len(made) == 50
    for passphrase in made:
        check_password(passphrase, login="hanako.sato", names=NAMES)
