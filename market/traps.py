"""Pages that a capture must live through: never-ending, slow, huge, hostile, wrongly declared, sent round in circles.

`/trap/` lists them. None of them is linked from the market itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

ENDLESS_SECONDS = 600
HUGE_ROWS = 120_000
REDIRECTS = 8

_HEAD = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{}</title></head><body><h1>{}</h1>'
_HOSTILE = (
    _HEAD.format("Hostile page", "Hostile page")
    + """
<p id="said">Before the scripts</p><img src="nowhere.png" onerror="document.body.dataset.error='ran'">
<script>
  document.getElementById("said").textContent = "The scripts ran";
  for (const address of ["http://127.0.0.1:1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]:1/", "file:///etc/passwd"])
    fetch(address, { mode: "no-cors" }).catch(() => {});
  new WebSocket("ws://127.0.0.1:1/");
  window.open("/trap/slow");
  window.onbeforeunload = () => "Stay";
  setTimeout(() => alert("Call this number"), 50);
  setInterval(() => document.body.append(document.createElement("p")), 50);
</script>
<iframe src="javascript:parent.document.title='taken'"></iframe>
<a href="javascript:alert(1)" download="x.exe">A link that is a script</a>
</body></html>"""
)


@dataclass(frozen=True)
class Trap:
    """What is sent back; `body` may be sent a piece at a time."""

    status: str
    kind: str
    body: bytes | Iterator[bytes]
    headers: list[tuple[str, str]] = field(default_factory=list)


def _page(title: str, words: str) -> Trap:
    return Trap("200 OK", "text/html; charset=utf-8", f"{_HEAD.format(title, title)}<p>{words}</p>".encode())


def _index(_: int) -> Trap:
    links = "".join(f'<li><a href="/trap/{name}">{name}</a></li>' for name in sorted(TRAPS))
    return Trap(
        "200 OK", "text/html; charset=utf-8", f"{_HEAD.format('Traps', 'Traps')}<ul>{links}</ul>".encode()
    )


def _endless(_: int) -> Trap:
    def lines() -> Iterator[bytes]:
        yield _HEAD.format("A page that never ends", "A page that never ends").encode()
        until = time.monotonic() + ENDLESS_SECONDS
        while time.monotonic() < until:
            yield b"<p>and then</p>\n" * 8
            time.sleep(0.2)

    return Trap("200 OK", "text/html; charset=utf-8", lines())


def _slow(_: int) -> Trap:
    def lines() -> Iterator[bytes]:
        time.sleep(3)
        for word in ("Slow", "as", "the", "tide"):
            yield f"<p>{word}</p>".encode()
            time.sleep(0.5)

    return Trap("200 OK", "text/html; charset=utf-8", lines())


def _huge(_: int) -> Trap:
    def rows() -> Iterator[bytes]:
        yield _HEAD.format("A huge page", "A huge page").encode() + b"<table>"
        for first in range(0, HUGE_ROWS, 1000):
            yield b"".join(b"<tr><td>row %d<td>of very many" % n for n in range(first, first + 1000))

    return Trap("200 OK", "text/html; charset=utf-8", rows())


def _redirects(step: int) -> Trap:
    if step >= REDIRECTS:
        return _page("Arrived", f"After {REDIRECTS} redirects.")
    return Trap("302 Found", "text/plain", b"", [("Location", f"/trap/redirects?step={step + 1}")])


def _circle(_: int) -> Trap:
    return Trap("302 Found", "text/plain", b"", [("Location", "/trap/circle")])


def _charset(_: int) -> Trap:
    """Declared to be UTF-8, and is not; and a second, contrary declaration inside."""
    words = "<meta charset=koi8-r><title>Цены</title><h1>Цена: 250 €</h1><p>продавец кварц".encode("cp1251")
    return Trap("200 OK", "text/html; charset=utf-8", words)


def _hostile(_: int) -> Trap:
    return Trap("200 OK", "text/html; charset=utf-8", _HOSTILE.encode())


TRAPS: dict[str, Callable[[int], Trap]] = {
    "endless": _endless, "slow": _slow, "huge": _huge, "redirects": _redirects, "circle": _circle, "charset": _charset,
    "hostile": _hostile,
}  # fmt: skip


def trap(name: str, step: str = "") -> Trap | None:
    """The trap of that name; their list for no name; None for one that is not there."""
    found = TRAPS.get(name) if name else _index
    return found(int(step) if step.isdigit() and len(step) < 4 else 0) if found else None
