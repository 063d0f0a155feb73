"""Site patterns and the egress guard, on paper."""

from __future__ import annotations

import pytest

from bowstreet.capture.egress import refusal
from bowstreet.capture.errors import BadAddress
from bowstreet.capture.label import Label, label
from bowstreet.capture.scope import SitePattern


@pytest.mark.parametrize(
    ("pattern", "url", "admitted"),
    [
        ("shop.example", "https://shop.example/a", True), ("shop.example", "https://www.shop.example/", False),
        ("*.shop.example", "https://www.shop.example/", True), ("*.shop.example", "https://shop.example/", True),
        ("*.shop.example", "https://evilshop.example/", False), ("shop.example:8080", "http://shop.example:8080/", True),
        ("shop.example", "http://shop.example:8080/", False), ("shop.example/sellers/", "https://shop.example/sellers/anna", True),
        ("shop.example/sellers", "https://shop.example/sellers-private", False), ("shop.example/sellers/", "https://shop.example/sellers/../x", False),
        ("shop.example", "https://SHOP.example./", True), ("shop.example", "ftp://shop.example/", False),
    ],
)  # fmt: skip
def test_a_pattern_admits_what_it_says(pattern: str, url: str, admitted: bool) -> None:
    assert SitePattern.parse(pattern).admits(url) is admitted


@pytest.mark.parametrize("text", ["", "http://shop.example/", "a b", "shop.example:99999", "*.*"])
def test_what_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(BadAddress):
        SitePattern.parse(text)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1", "fe80::1",
     "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "fe80::1%eth0"],
)  # fmt: skip
def test_private_and_special_addresses_are_refused(address: str) -> None:
    assert refusal(address)


def test_public_addresses_pass_and_a_test_range_admits_what_it_names() -> None:
    assert refusal("93.184.216.34") is None
    assert refusal("2606:2800:220:1:248:1893:25c8:1946") is None
    assert refusal("127.0.0.1", ranges=("127.0.0.0/8",)) is None
    assert refusal("10.0.0.1", ranges=("127.0.0.0/8",))


@pytest.mark.parametrize(
    ("status", "text", "password", "expected"),
    [(200, "Welcome to the shop", False, Label.OK), (403, "Are you human? captcha", False, Label.CHALLENGE), (200, "Log in", True, Label.LOGIN),
     (404, "", False, Label.GONE), (503, "", False, Label.BUSY), (403, "no", False, Label.FORBIDDEN), (500, "", False, Label.FAULT)],
)  # fmt: skip
def test_a_blocked_page_is_labelled(status: int, text: str, password: bool, expected: Label) -> None:
    assert label(status, title="", text=text, password_field=password) is expected
