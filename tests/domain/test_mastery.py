"""What an officer can be said to know, and how surely."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from studyhub.domain.mastery import (
    DEFAULT_BANDS,
    Band,
    Evidence,
    band_and_share,
    beta_cdf,
    beta_quantile,
    estimate,
    share_interval,
    total,
    weigh,
)

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def evidence(answers: int, right: int, *, days_ago: float = 0) -> Evidence:
    return Evidence(answers, right, answers * 10, right * 10, NOW - timedelta(days=days_ago))


@pytest.mark.parametrize(
    ("a", "b", "x", "expected"),
    [
        (1, 1, 0.3, 0.3),  # uniform
        (2, 2, 0.25, 3 * 0.25**2 - 2 * 0.25**3),  # polynomial of Beta(2, 2)
        (5, 1, 0.8, 0.8**5),  # Beta(a, 1)
        (1, 7, 0.1, 1 - 0.9**7),  # Beta(1, b)
        (0.5, 0.5, 0.5, 0.5),  # arcsine law
        (2, 3, 0.4, 0.5248),  # binomial tail P(X >= 2), n = 4, p = .4
    ],
)
def test_the_incomplete_beta_function_meets_its_closed_forms(
    a: float, b: float, x: float, expected: float
) -> None:
    assert beta_cdf(a, b, x) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize(("a", "b"), [(0.5, 9.5), (2.2, 1.8), (40, 3), (500, 700)])
@pytest.mark.parametrize("q", [0.05, 0.5, 0.95])
def test_a_quantile_is_the_inverse_of_the_distribution(a: float, b: float, q: float) -> None:
    assert beta_cdf(a, b, beta_quantile(a, b, q)) == pytest.approx(q, abs=1e-4)


def test_jeffreys_interval_of_nothing_is_almost_everything() -> None:
    low, high = share_interval(0, 0)
    assert low < 0.01
    assert high > 0.99


def test_jeffreys_interval_meets_a_published_value() -> None:
    # Brown, Cai & DasGupta (2001), Interval Estimation for a Binomial Proportion, give Jeffreys limits as quantiles
    # of Beta(x + 1/2, n - x + 1/2); for x = n = 1 the lower one solves I_x(3/2, 1/2) = .05.
    low, _high = share_interval(1, 1)
    assert beta_cdf(1.5, 0.5, low) == pytest.approx(0.05, abs=1e-4)


def test_fewer_than_three_answers_are_not_yet_learning() -> None:
    two = evidence(2, 2)
    assert estimate(two, two, NOW).band is Band.NONE


def test_many_right_answers_are_firm_and_many_wrong_ones_weak() -> None:
    firm, weak = evidence(20, 19), evidence(20, 6)
    assert estimate(firm, firm, NOW).band is Band.FIRM
    assert estimate(weak, weak, NOW).band is Band.WEAK


def test_three_lucky_answers_are_not_firm() -> None:
    three = evidence(3, 3)
    assert estimate(three, three, NOW).band is Band.NEAR


def test_a_topic_with_few_answers_borrows_from_its_field() -> None:
    topic = evidence(3, 2)
    strong = estimate(topic, topic + evidence(60, 54), NOW)
    poor = estimate(topic, topic + evidence(60, 18), NOW)
    assert poor.share < 2 / 3 < strong.share


def test_the_interval_narrows_as_answers_come() -> None:
    few, many = evidence(4, 3), evidence(80, 60)
    wide, narrow = estimate(few, few, NOW), estimate(many, many, NOW)
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)
    assert narrow.low < 0.75 < narrow.high


def test_old_evidence_fades_and_the_interval_says_so() -> None:
    fresh, old = evidence(20, 19), evidence(20, 19, days_ago=240)
    now_fresh, now_old = estimate(fresh, fresh, NOW), estimate(old, old, NOW)
    assert now_old.share < now_fresh.share
    assert now_old.high - now_old.low > now_fresh.high - now_fresh.low
    assert now_old.fading
    assert not now_fresh.fading


def test_a_guess_and_a_repeat_count_for_less() -> None:
    assert weigh(first=True, credit=1.0, unsure=False) == (10, 10)
    assert weigh(first=True, credit=1.0, unsure=True) == (10, 5)
    assert weigh(first=False, credit=1.0, unsure=False) == (4, 4)
    assert weigh(first=False, credit=0.0, unsure=True) == (4, 0)


def test_evidence_adds_up_in_any_order() -> None:
    parts = [evidence(3, 1, days_ago=2), evidence(5, 5), Evidence()]
    assert total(parts) == total(reversed(parts)) == Evidence(8, 6, 80, 60, NOW)


def test_band_and_share_are_those_of_the_estimate_and_agree_with_its_interval() -> None:
    field = evidence(40, 24, days_ago=9)
    for answers in range(25):
        for right in range(answers + 1):
            topic = evidence(answers, right, days_ago=right)
            whole = estimate(topic, field + topic, NOW)
            assert band_and_share(topic, field + topic, NOW) == (whole.band, whole.share)
            if answers >= DEFAULT_BANDS.least_responses and whole.share >= DEFAULT_BANDS.firm_share:
                assert (whole.band is Band.FIRM) == (whole.low >= DEFAULT_BANDS.firm_low)
