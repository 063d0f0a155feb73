"""Native mode: what DevTools tells is kept, header lines as they came among it, and what it cannot keep is said."""

from __future__ import annotations

import base64
import json
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from oracle import http1
from oracle.record import Record

from bowstreet.capture.native import CANNOT_KEEP
from bowstreet.capture.permit import Permit
from bowstreet.capture.visit import session
from bowstreet.evidence.warc import records

pytestmark = pytest.mark.browser
REDIRECT = (
    b"HTTP/1.1 302 Moved for now\r\nx-Odd: one\r\nSet-Cookie: a=1\r\nLOCATION: /landed\r\nSet-Cookie: b=2; HttpOnly\r\n"
    b"X-oDD: two\r\nset-cookie: c=3\r\nContent-Length: 9\r\n\r\nelsewhere"
)
LANDED = b"HTTP/1.1 200 Fine\r\nzeta: last first\r\nContent-Type: text/plain\r\nAlpha: 1\r\nContent-Length: 6\r\n\r\nlanded"
SHORT = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Short: yes\r\nContent-Length: 99\r\n\r\nnot all of it"
)
EVENTS = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Events: yes\r\nContent-Length: 9999\r\n\r\ndata: one\n\n"
PAGE = b"""<!doctype html><title>Native</title><p id=said>waiting</p><script>
const talk = new Promise((done, fail) => {
  const socket = new WebSocket(location.origin.replace("http", "ws") + "/socket");
  socket.binaryType = "arraybuffer";
  let left = 3;
  socket.onopen = () => { socket.send("from the page"); socket.send(new Uint8Array([0, 255, 128, 7])); };
  socket.onmessage = () => { if (--left === 0) done(); };
  socket.onerror = fail;
});
const events = new Promise(done => { new EventSource("/events").onmessage = done; });
Promise.all([fetch("/moved").then(r => r.text()), fetch("/short").then(r => r.text()).catch(e => e), talk, events])
  .then(() => { document.getElementById("said").textContent = "all is said"; });
</script>"""


def site(request: http1.Request) -> http1.Reply:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PAGE)
    return {
        "/": http1.Reply(head + PAGE),
        "/moved": http1.Reply(REDIRECT),
        "/landed": http1.Reply(LANDED),
        "/short": http1.Reply(SHORT, then="close"),
        "/events": http1.Reply(EVENTS),
    }.get(request.path, http1.Reply(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))


@dataclass(frozen=True)
class Native:
    """What a native capture of the site holds; and the site's own record."""

    record: Record
    blocks: dict[str, bytes]  # of answers, by path
    asked: dict[str, bytes]
    files: dict[str, Any]

    def lacks(self, path: str) -> str | None:
        return next(row["lacks"] for row in self.files["exchanges"] if row["url"].endswith(path))


@pytest.fixture(scope="module")
def native(tmp_path_factory: pytest.TempPathFactory) -> Native:
    folder, record, at = tmp_path_factory.mktemp("native"), Record(), datetime.now(UTC)
    with http1.serve(record, site) as origin, session(folder) as visits:
        permit = Permit(
            reference="P-1", operation="OP-0001", authority="OP-0001/A1", officer="alice", purpose="detection",
            sites=(origin.split("/")[2],), techniques=("visit",), starts=at - timedelta(hours=1), ends=at + timedelta(hours=1),
            issued=at, test_ranges=("127.0.0.0/8",),
        )  # fmt: skip
        kept = visits.visit(permit, origin + "/", now=lambda: datetime.now(UTC), mode="native").keep()
    with zipfile.ZipFile(kept.wacz) as pack:
        names = ("exchanges", "websockets", "provenance")
        files = {name: json.loads(pack.read(f"files/{name}.json")) for name in names}
        assert (
            b"all is said" in pack.read("archive/data.warc.gz")
            or "all is said" in pack.read("pages/pages.jsonl").decode()
        )
        pack.extract("archive/data.warc.gz", folder)
    found: dict[str, dict[str, bytes]] = {"request": {}, "response": {}}
    for one in records(folder / "archive/data.warc.gz"):
        if one.kind in found:
            found[one.kind]["/" + (one.url or "").split("/", 3)[3]] = b"".join(one.chunks())
    return Native(record, found["response"], found["request"], files)


def test_a_redirect_is_kept_with_its_lines_as_they_came_and_its_body_is_said_to_lack(native: Native) -> None:
    head = REDIRECT.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert native.blocks["/moved"].partition(b"\r\n\r\n")[0].split(b"\r\n")[: len(head) - 1] == head[:-1]
    assert b"X-Before-DevTools-Content-Length: 9" in native.blocks["/moved"]
    assert native.lacks("/moved") == "DevTools gives no body of a redirect"
    assert native.blocks["/landed"].startswith(LANDED.partition(b"Content-Length")[0])
    assert native.blocks["/landed"].endswith(b"\r\n\r\nlanded")
    assert native.lacks("/landed") is None


@pytest.mark.parametrize(("path", "line"), [("/short", b"X-Short: yes"), ("/events", b"X-Events: yes")])
def test_an_answer_that_was_not_whole_is_kept_by_its_head_and_says_so(
    native: Native, path: str, line: bytes
) -> None:
    assert line in native.blocks[path]
    assert native.lacks(path) in ("it broke off", "it was still coming when the visit ended")


def test_the_messages_of_a_websocket_and_its_handshake_are_kept(native: Native) -> None:
    [spoken] = native.files["websockets"]
    for who, side in (("client", "browser"), ("server", "site")):
        said = [data for _, speaker, data in native.record.messages if speaker == who]
        told = [
            one["text"].encode() if "text" in one else base64.b64decode(one["base64"])
            for one in spoken["messages"]
            if one["from"] == side
        ]
        assert told == said
        assert len(told) >= 2
    assert native.blocks["/socket"].startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
    assert b"Sec-WebSocket-Accept: " in native.blocks["/socket"]
    assert b"Sec-WebSocket-Key: " in native.asked["/socket"]


def test_what_it_cannot_keep_stands_in_the_archive(native: Native) -> None:
    assert native.files["provenance"]["mode"] == "native"
    assert native.files["provenance"]["cannot_keep"] == CANNOT_KEEP
