"""Where a request comes from. Only a proxy that the settings trust may say so for others."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network


def client_address(remote: str, forwarded: str, trusted: Sequence[str]) -> str:
    """The address of the client.

    `remote` is who speaks to us, empty over a socket file; `forwarded` the X-Forwarded-For
    header, client first; `trusted` addresses or networks of proxies, or `unix` for a socket
    file. The answer is the last address that no trusted proxy has: what stands before it in the
    header may be invented. Anything unreadable counts as the one who said it.
    """
    networks = [ip_network(one, strict=False) for one in trusted if one != "unix"]
    answer = remote
    for said in [remote, *reversed([part.strip() for part in forwarded.split(",")])]:
        address = _read(said)
        if address is None and (said or "unix" not in trusted or answer):
            break
        answer = said
        if address is not None and not any(address in network for network in networks):
            break
    return answer or "unix"


def neighbourhood(address: str) -> str:
    """What shares a lane: an IPv4 address, or the /64 that one household or office has."""
    found = _read(address)
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ip_network((found, 64), strict=False))
    return address


def _read(said: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(said.strip("[]"))
    except ValueError:
        return None
