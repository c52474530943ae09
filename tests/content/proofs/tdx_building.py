"""The answers on agile work, cloud charges, line capacity and drafting with generative AI, computed."""

from fractions import Fraction


def tdx_agile_003() -> int:
    velocity = (14 + 18 + 16) // 3
    return 74 + 8 - velocity * (5 - 1)


def tdx_cloud_003() -> str:
    def charge(hours: int) -> int:
        return 4 * (30 * hours + 6000)

    return f"{charge(24 * 30) - charge(10 * 20):,}"


def tdx_connected_network_006() -> str:
    usable = Fraction(100 * 60, 100)
    return str((usable - 18) // 3)


def tdx_generative_ai_004() -> str:
    drafted = 2 + 7 + Fraction(20, 100) * 15
    return str(600 * (15 - drafted) / 60)
