"""What a sealed page shows of itself: its DOM as rendered, and the answer that brought it.

page = seen(Path("capture.wacz"), "https://shop.example/")
page.dom, page.header("Retry-After"), page.text
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bowstreet.capture.canonical import canonical
from bowstreet.capture.errors import BadAddress, CaptureError
from bowstreet.evidence.errors import BadArchive
from bowstreet.evidence.intake import warcs
from bowstreet.evidence.message import Head, decode
from bowstreet.evidence.scan import Found, scan

DOM, SHOWN = "urn:dom:", "urn:text:"
LIMIT = 32 << 20  # bytes of a DOM or a body


@dataclass(frozen=True)
class Seen:
    """`dom` and `shown`, the text a reader saw, are empty where they were not kept; `head` and `body` are of the last answer."""

    dom: str = ""
    shown: str = ""
    head: Head | None = None
    body: bytes = b""

    @property
    def text(self) -> str:
        """The body as text, in the charset that the server named, else UTF-8."""
        charset = (self.head.charset if self.head else None) or "utf-8"
        try:
            return self.body.decode(charset, "replace")
        except LookupError:
            return self.body.decode("utf-8", "replace")

    def header(self, name: str) -> str | None:
        """A header field of the answer."""
        return self.head.get(name) if self.head else None


def seen(path: Path, url: str) -> Seen:
    """Read a WACZ of ours. Raises CaptureError where it cannot be read."""
    wanted, answer = _plain(url), None
    kept = {DOM: "", SHOWN: ""}
    faults: list[str] = []
    try:
        with warcs(path, "wacz", faults) as streams:
            for found in (found for warc in streams for found in scan(warc.file)):
                if found.kind == "resource" and (name := _part(found.url)) in kept:
                    kept[name] = found.content(LIMIT).decode("utf-8", "replace")
                elif found.kind == "response" and _plain(found.url or "") == wanted:
                    answer = _answer(found) or answer
    except (BadArchive, OSError) as error:
        raise CaptureError(f"the capture of {url} cannot be read ({error})") from None
    if faults:
        raise CaptureError(f"the capture of {url} cannot be read ({faults[0]})")
    head, body = answer or (None, b"")
    return Seen(kept[DOM], kept[SHOWN], head, body)


def _part(url: str | None) -> str:
    """Which part of the page a resource record holds: 'urn:dom:' and the like."""
    return ":".join((url or "").split(":", 2)[:2]) + ":"


def _answer(found: Found) -> tuple[Head, bytes] | None:
    block = found.content(LIMIT)
    if (head := Head.parse(block)) is None:
        return None
    try:
        return head, decode(block[head.size :], head, limit=LIMIT)
    except (BadArchive, ImportError):
        return head, b""


def _plain(url: str) -> str:
    try:
        return canonical(url)
    except BadAddress:
        return url
