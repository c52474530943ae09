"""The answers of small category 43 (system configuration), computed."""

from itertools import count


def ip_43_005() -> str:
    return str(next(disks for disks in count(3) if 4 * (disks - 1) >= 18))


def ip_43_012() -> str:
    return str(next(servers for servers in count(1) if 400 * (servers - 1) >= 1000))
