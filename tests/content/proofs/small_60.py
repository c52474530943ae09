"""The answers of small category 60 (network applications), computed."""

from fractions import Fraction


def ip_60_022() -> str:
    """Gigabytes a month of a camera that sends 200 kbit/s."""
    return f"{float(Fraction(200_000 * 3600 * 8 * 20, 8 * 10**9)):g}"
