"""From responses to what an officer can be said to know of a topic, and how surely.

Evidence is counted in tenths of a response and kept as whole numbers, so that sums are exact and their order does
not matter: projections updated one by one equal projections rebuilt from the log.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

FIRST_TENTHS = 10
REPEAT_TENTHS = 4
"""A question seen before tells little about ability: its answer may simply be remembered."""


class Band(StrEnum):
    NONE = "none"
    WEAK = "weak"
    NEAR = "near"
    FIRM = "firm"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Sums over responses; adding two gives the evidence of both."""

    responses: int = 0
    correct: int = 0
    evidence_tenths: int = 0
    credit_tenths: int = 0
    last_at: datetime | None = None

    def __add__(self, other: Evidence) -> Evidence:
        times = [at for at in (self.last_at, other.last_at) if at is not None]
        return Evidence(
            self.responses + other.responses,
            self.correct + other.correct,
            self.evidence_tenths + other.evidence_tenths,
            self.credit_tenths + other.credit_tenths,
            max(times, default=None),
        )


@dataclass(frozen=True, slots=True)
class Bands:
    """The thresholds, as data. Shares from 0 to 1; ages in days."""

    least_responses: int = 3
    near_share: float = 0.60
    firm_share: float = 0.75
    firm_low: float = 0.55
    """Lower end of the 90 % interval from which a firm band is believed."""
    half_life_days: float = 120.0
    """Evidence this old counts half: what is not used fades, and our knowledge of it with it."""
    fading_days: float = 30.0
    """From this age a topic is said to be fading."""


DEFAULT_BANDS = Bands()

PRIOR_SHARE = 0.55
"""Share right expected of an officer we know nothing of: about the mean facility of four-choice items."""
PRIOR_WEIGHT = 4.0
"""Weight of the prior in responses: few enough that a handful of answers outweighs it."""


@dataclass(frozen=True, slots=True)
class Mastery:
    """``share`` is the expected share right (0 to 1), ``low`` to ``high`` its 90 % credible interval."""

    band: Band
    share: float
    low: float
    high: float
    responses: int
    last_at: datetime | None
    fading: bool


def weigh(*, first: bool, credit: float, unsure: bool) -> tuple[int, int]:
    """Evidence and credit, in tenths, of one response with ``credit`` from 0 to 1.

    Right but unsure is half a right answer: a lucky guess is not taken for knowledge.
    """
    weight = FIRST_TENTHS if first else REPEAT_TENTHS
    return weight, round(weight * credit * (0.5 if unsure else 1.0))


def estimate(topic: Evidence, field: Evidence, now: datetime, bands: Bands = DEFAULT_BANDS) -> Mastery:
    """Beta-binomial posterior of the share right on a topic, with the field around it as prior.

    ``field`` includes the topic itself. The prior's mean is the field's own posterior mean, so that a topic with
    few answers borrows from its neighbours (empirical Bayes; Gelman et al., Bayesian Data Analysis, 3rd ed., 5.3).
    """
    right, wrong = _posterior(topic, field, now, bands)
    low, high = beta_quantile(right, wrong, 0.05), beta_quantile(right, wrong, 0.95)
    band, share = _band(topic, right, wrong, bands), right / (right + wrong)
    fading = topic.last_at is not None and (now - topic.last_at).days >= bands.fading_days
    return Mastery(band, share, low, high, topic.responses, topic.last_at, fading)


def band_and_share(
    topic: Evidence, field: Evidence, now: datetime, bands: Bands = DEFAULT_BANDS
) -> tuple[Band, float]:
    """As ``estimate`` has them, without the interval, whose ends take most of its time."""
    right, wrong = _posterior(topic, field, now, bands)
    return _band(topic, right, wrong, bands), right / (right + wrong)


def total(parts: Iterable[Evidence]) -> Evidence:
    """All added up at once: a page about many people adds tens of thousands."""
    responses = correct = evidence_tenths = credit_tenths = 0
    last_at: datetime | None = None
    for part in parts:
        responses += part.responses
        correct += part.correct
        evidence_tenths += part.evidence_tenths
        credit_tenths += part.credit_tenths
        if part.last_at is not None and (last_at is None or part.last_at > last_at):
            last_at = part.last_at
    return Evidence(responses, correct, evidence_tenths, credit_tenths, last_at)


def share_interval(right: float, count: float) -> tuple[float, float]:
    """90 % credible interval of a plain share under Jeffreys' prior, for counts without a field around them."""
    return beta_quantile(right + 0.5, count - right + 0.5, 0.05), beta_quantile(
        right + 0.5, count - right + 0.5, 0.95
    )


def _posterior(topic: Evidence, field: Evidence, now: datetime, bands: Bands) -> tuple[float, float]:
    """Both parameters of the beta distribution of the share right."""
    prior_share = _field_share(field, topic, now, bands)
    fade = _fade(topic.last_at, now, bands)
    right = topic.credit_tenths / 10 * fade + prior_share * PRIOR_WEIGHT
    wrong = (topic.evidence_tenths - topic.credit_tenths) / 10 * fade + (1 - prior_share) * PRIOR_WEIGHT
    return right, wrong


def _band(topic: Evidence, right: float, wrong: float, bands: Bands) -> Band:
    if topic.responses < bands.least_responses:
        return Band.NONE
    share = right / (right + wrong)
    # The lower end of the interval is at least firm_low when no more than 5 % lie below firm_low.
    if share >= bands.firm_share and beta_cdf(right, wrong, bands.firm_low) <= 0.05:
        return Band.FIRM
    return Band.NEAR if share >= bands.near_share else Band.WEAK


def _field_share(field: Evidence, topic: Evidence, now: datetime, bands: Bands) -> float:
    """Mean of the field without the topic, so that no answer counts both as prior and as datum."""
    evidence = max(0, field.evidence_tenths - topic.evidence_tenths) / 10
    credit = max(0, field.credit_tenths - topic.credit_tenths) / 10
    fade = _fade(field.last_at, now, bands)
    return (credit * fade + PRIOR_SHARE * PRIOR_WEIGHT) / (evidence * fade + PRIOR_WEIGHT)


def _fade(last_at: datetime | None, now: datetime, bands: Bands) -> float:
    if last_at is None:
        return 1.0
    age_days = max(0.0, (now - last_at).total_seconds() / 86_400)
    return float(0.5 ** (age_days / bands.half_life_days))


def beta_quantile(a: float, b: float, q: float) -> float:
    """x with I_x(a, b) = q, for a, b > 0 and 0 < q < 1, to 1e-6: Newton's method kept inside a shrinking bracket."""
    low, high, x = 0.0, 1.0, a / (a + b)
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    while high - low > 1e-6:
        error = beta_cdf(a, b, x) - q
        low, high = (low, x) if error > 0 else (x, high)
        density = math.exp((a - 1) * math.log(x) + (b - 1) * math.log1p(-x) - log_beta)
        step = error / density if density > 0 else math.inf
        if abs(step) < 1e-7:
            return min(max(x - step, 0.0), 1.0)
        x = x - step if low < x - step < high else (low + high) / 2
    return (low + high) / 2


def beta_cdf(a: float, b: float, x: float) -> float:
    """Regularised incomplete beta function I_x(a, b) by its continued fraction (DLMF 8.17.22)."""
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - beta_cdf(b, a, 1.0 - x)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(log_front) / a * _beta_fraction(a, b, x)


def _beta_fraction(a: float, b: float, x: float) -> float:
    """The fraction 1/(1+d1/(1+d2/(1+…))) by Lentz's method (Thompson & Barnett 1986)."""
    tiny = 1e-300
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1)
    d = 1.0 / (d if abs(d) > tiny else tiny)
    result = d
    for m in range(1, 300):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        before = result
        for term in (even, odd):
            d = 1.0 + term * d
            d = 1.0 / (d if abs(d) > tiny else tiny)
            c = 1.0 + term / c
            c = c if abs(c) > tiny else tiny
            result *= d * c
        if abs(result - before) < 1e-12 * abs(result):
            break
    return result
