"""An IP address means the same on every Python, however it is written."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.core.host_names import ip_network_of, ip_of, spelled_ip

from ..cases import for_each


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_in_ipv6_form_means_that_address(address: IPv4Address) -> None:
    high, low = divmod(int(address), 2**16)
    for text in (f"::ffff:{address}", f"::FFFF:{high:x}:{low:x}"):
        assert ip_of(text) == address
        assert spelled_ip(text) == f"::ffff:{address}"
        assert ip_network_of(text) == ip_network(address)


@given(st.ip_addresses().filter(lambda address: getattr(address, "ipv4_mapped", None) is None))
def test_every_other_address_stays_as_it_is(address: IPv4Address | IPv6Address) -> None:
    assert ip_of(str(address)) == address
    assert ip_address(spelled_ip(str(address))) == address
    assert ip_network_of(str(address)) == ip_network(address)


@for_each(
    ("text", "meant"),
    [
        ("10.1.2.3/8", "10.0.0.0/8"),
        ("::ffff:10.1.2.3/104", "10.0.0.0/8"),
        ("::ffff:0.0.0.0/96", "0.0.0.0/0"),
        ("::ffff:0.0.0.0/95", "::fffe:0:0/95"),
        ("::/0", "::/0"),
    ],
)
def test_an_ipv6_network_of_mapped_addresses_only_is_an_ipv4_network(text: str, meant: str) -> None:
    assert ip_network_of(text) == ip_network(meant)


@for_each("text", ["", "localhost", "127.1", "127.0.0.010", "[::1]", "::1/129"])
def test_a_text_that_is_not_an_ip_address_is_refused(text: str) -> None:
    assert ip_of(text) is None
    for reading in (spelled_ip, ip_network_of):
        with pytest.raises(ValueError, match="does not appear to be"):
            reading(text)
