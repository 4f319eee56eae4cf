"""Who a request comes from: only trusted proxies may speak for others."""

import pytest

from pilotline.gateways.identity.address import client_address, neighbourhood

PROXIES = ["10.0.0.0/8", "fd00::1"]


@pytest.mark.parametrize(
    ("remote", "forwarded", "trusted", "client"),
    [
        ("203.0.113.9", "", [], "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", [], "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", PROXIES, "203.0.113.9"),
        ("10.0.0.2", "198.51.100.1", PROXIES, "198.51.100.1"),
        ("10.0.0.2", "1.2.3.4, 198.51.100.1", PROXIES, "198.51.100.1"),
        ("10.0.0.2", "1.2.3.4, 198.51.100.1, 10.0.0.7", PROXIES, "198.51.100.1"),
        ("10.0.0.2", "", PROXIES, "10.0.0.2"),
        ("10.0.0.2", "nonsense", PROXIES, "10.0.0.2"),
        ("10.0.0.2", "1.2.3.4, nonsense, 10.0.0.7", PROXIES, "10.0.0.7"),
        ("fd00::1", "[2001:db8::5]", PROXIES, "[2001:db8::5]"),
        ("", "198.51.100.1", ["unix"], "198.51.100.1"),
        ("", "198.51.100.1", [], "unix"),
        ("", "", [], "unix"),
    ],
)
def test_the_client_is_the_last_one_no_proxy_of_ours_has(remote, forwarded, trusted, client):
    assert client_address(remote, forwarded, trusted) == client


@pytest.mark.parametrize(
    ("address", "shared"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("unix", "unix"),
    ],
)
def test_what_shares_a_lane(address, shared):
    assert neighbourhood(address) == shared
