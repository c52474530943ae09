"""The answers of small category 59 (communication protocols), computed."""

from ipaddress import IPv4Address, IPv4Interface


def ip_59_007() -> str:
    """The address that a machine in the network of the PC may have."""
    network = IPv4Interface("192.168.20.190/255.255.255.192").network
    offered = ["192.168.20.100", "192.168.20.130", "192.168.20.192", "192.168.20.200"]
    (found,) = [text for text in offered if IPv4Address(text) in list(network.hosts())]
    return found


def ip_59_008() -> str:
    """The smallest network with room for 110 machines and a fifth more."""
    needed = 110 * 120 // 100
    return f"/{max(length for length in (24, 25, 26, 27) if 2 ** (32 - length) - 2 >= needed)}"


def ip_59_012() -> str:
    """The longest lease, in whole hours, within which 250 addresses suffice."""
    return str(max(hours for hours in range(1, 9) if 80 * hours <= 250))
