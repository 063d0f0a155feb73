"""The inert view runs nothing and fetches nothing, whatever a page holds; and marks the place it was asked to."""

from __future__ import annotations

import pytest

from bowstreet.casework.findings.inert import CLOSE, OPEN, render


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<iframe srcdoc='<script>1</script>'>",
     "<a href='javascript:alert(1)'>x</a>", "<meta http-equiv=refresh content='0;url=http://evil.example'>", "<base href=http://evil.example>",
     "<link rel=stylesheet href=http://evil.example/x.css>", "<style>@import 'http://evil.example'</style>", "<form action=http://evil.example><input></form>",
     "<object data=x></object>", "<math><mtext><script>1</script>", "<p style='background:url(http://evil.example)'>x</p>", "<body onload=alert(1)>",
     "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<template><script>1</script></template>", "<video src=http://evil.example>"],
)  # fmt: skip
def test_nothing_of_a_hostile_page_is_left_to_run(hostile: str) -> None:
    shown = render(f"<html><body>before {hostile} after</body></html>", url="http://shop.example/<script>")
    for word in (
        "<script",
        "onerror",
        "onload",
        "javascript:",
        "evil.example",
        "srcdoc",
        "http-equiv",
        "<iframe",
        "<form",
        "<object",
    ):
        assert word not in shown


def test_a_page_cannot_draw_the_mark_elsewhere() -> None:
    source = f"<p>{OPEN}wrong{CLOSE} right</p>"
    at = source.index("right")
    shown = render(source, url="http://shop.example/", span=(at, at + 5))
    assert '<mark id="found">right</mark>' in shown


def test_a_deeply_nested_page_is_shown() -> None:
    assert "deep" in render("<div>" * 5000 + "deep", url="http://shop.example/")
