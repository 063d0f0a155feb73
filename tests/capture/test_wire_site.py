"""One visit to a site that speaks HTTP in every way: the server's own record against what the archive holds."""

from __future__ import annotations

import base64
import json
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from oracle import answers, http1, whole
from oracle.authority import Authority, trusted
from oracle.record import Record, digest

from bowstreet.capture.limits import Limits
from bowstreet.capture.permit import Permit
from bowstreet.capture.visit import Capture, visit
from bowstreet.evidence.warc import records

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Kept:
    """A record of the archive with its block."""

    kind: str
    url: str
    headers: dict[str, str]
    block: bytes

    def header(self, name: str) -> str:
        return self.headers.get(name, "")


@dataclass(frozen=True)
class Visited:
    """The capture, what its archive holds, and what the site says."""

    capture: Capture
    site: whole.Site
    folder: Path
    warc: list[Kept]
    files: dict[str, Any]

    @property
    def record(self) -> Record:
        return self.site.record


def permit(url: str) -> Permit:
    at = datetime.now(UTC)
    return Permit(
        reference="P-1", operation="OP-0001", authority="OP-0001/A1", officer="alice", purpose="detection", sites=(url.split("/")[2],),
        techniques=("visit",), starts=at - timedelta(hours=1), ends=at + timedelta(hours=1), issued=at, test_ranges=("127.0.0.0/8",),
    )  # fmt: skip


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visited]:
    folder = tmp_path_factory.mktemp("wire")
    authority = Authority(folder)
    with whole.serve(authority) as site, trusted(authority):
        patient = Limits(load_seconds=60, quiet_seconds=60)
        capture = visit(
            permit(site.url), site.url, folder=folder / "out", now=lambda: datetime.now(UTC), limits=patient
        )
        with zipfile.ZipFile(capture.wacz) as pack:
            pack.extract("archive/data.warc.gz", folder)
            files = {
                n.split("/")[1]: json.loads(pack.read(n))
                for n in pack.namelist()
                if n.startswith("files/") and n.endswith(".json")
            }
        kept = []
        for one in records(folder / "archive" / "data.warc.gz"):
            headers = dict(reversed(one.headers))  # the first of several is the protocol
            kept.append(Kept(one.kind, one.url or "", headers, b"".join(one.chunks())))
        yield Visited(capture, site, folder, kept, files)


def path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def answers_of(visited: Visited, name: str, *, protocol: str = "http/1.1") -> Counter[tuple[str, str]]:
    """Address and digest of every block of the archive for a path."""
    return Counter(
        (one.url, one.header("WARC-Block-Digest").split(":")[1])
        for one in visited.warc
        if one.kind == "response" and one.header("WARC-Protocol") == protocol and path(one.url) == name
    )


EVERYWHERE = ["/gzip", "/brotli", "/zstd", "/deflate", "/identity", "/chunked", "/chunked-gzip", "/cookies", "/odd", "/early", "/empty",
              "/none", "/short", "/short-chunks", "/reset", "/until-close", "/last", "/bare", "/no-reason", "/r301", "/r302", "/r303", "/r307",
              "/r308", "/landed-301", "/landed-308", "/r307?post", "/head", "/video?part", "/form", "/json", "/multipart", "/put", "/cached"]  # fmt: skip
ONCE = ["/", "/video", "/events", "/font.woff2", "/worker.js", "/from-the-worker", "/download", "/frame", "/in-the-frame.png", "/lazy-0.png",
        "/lazy-1.png", "/favicon.ico", "/keys", "/keys?again", "/hold", "/release", "/socket"]  # fmt: skip


@pytest.mark.parametrize("name", [*EVERYWHERE, *ONCE])
def test_an_answer_stands_in_the_archive_byte_for_byte(visited: Visited, name: str) -> None:
    sent = [s for s in visited.record.sent if path(s.url) == name and s.protocol == "http/1.1"]
    assert {s.url.split("/")[2] for s in sent} >= (
        {visited.site.origins[o].split("/")[2] for o in ("http", "tls12", "tls13")}
        if name in EVERYWHERE
        else set()
    )
    assert sent, "the browser never asked for it"
    assert answers_of(visited, name) == Counter((s.url, s.block) for s in sent)


def test_every_request_stands_in_the_archive_byte_for_byte(visited: Visited) -> None:
    h2 = tuple(visited.site.origins[name] for name in ("h2", "goaway"))
    kept = Counter(
        (one.url, one.header("WARC-Block-Digest").split(":")[1])
        for one in visited.warc
        if one.kind == "request" and not one.url.startswith(h2)
    )
    assert kept == Counter((s.url, s.asked) for s in visited.record.sent if s.protocol == "http/1.1")
    assert {s.method for s in visited.record.sent} >= {"GET", "HEAD", "OPTIONS", "POST", "PUT", "CONNECT"}


def test_the_visit_asked_for_nothing_that_the_page_did_not_ask_for(visited: Visited) -> None:
    assert visited.capture.title == "all done"
    often = {"/cached": 2, "/video": 9, "/leave?0": 9, "/leave?1": 9, "/leave?2": 9}
    asked = Counter((s.method, s.url) for s in visited.record.sent)
    page = {path(url) for _, url in asked}
    expected = {
        *EVERYWHERE,
        *ONCE,
        "/first",
        "/plain",
        "/large",
        "/padded",
        "/trailers",
        "/long-header",
        "/echo",
    }
    expected |= {f"/last?{n}" for n in range(16)}
    expected |= {f"/landed-{code}" for code in (302, 303, 307)} | {f"/leave?{n}" for n in range(3)}
    assert page == expected
    redirected = {f"/landed-{code}" for code in (301, 302, 303, 307, 308)}
    assert not [
        (m, u, n) for (m, u), n in asked.items() if n > often.get(path(u), 2 if path(u) in redirected else 1)
    ]
    assert len(visited.record.agents) == 1
    assert "Headless" not in next(iter(visited.record.agents))
    assert visited.record.odd_headers == set()


def test_what_the_browser_saw_and_what_the_wire_carried_agree_n_of_n(visited: Visited) -> None:
    assert visited.files["provenance.json"]["cross_check"]["faults"] == []
    assert visited.capture.matched == visited.capture.seen == len(visited.record.sent)


def test_every_set_cookie_line_is_kept_in_its_order(visited: Visited) -> None:
    kept = []
    for one in visited.warc:
        if one.kind == "response" and path(one.url) in ("/cookies", "/odd"):
            head = one.block.split(b"\r\n\r\n")[0].split(b"\r\n")
            kept += [
                line.partition(b":")[2].strip() for line in head if line.lower().startswith(b"set-cookie:")
            ]
    h1 = [b"a=1", b"b=2; Path=/", b"c=3; HttpOnly", b"a=4; Path=/x", b"d=5"]
    assert Counter(kept) == Counter(h1 * 3 + [b"a=1", b"b=2; Path=/", b"c=3; HttpOnly"])


@pytest.mark.parametrize("name", ["/first", "/plain", "/gzip", "/large", "/padded", "/trailers", "/early", "/odd", "/long-header", "/empty",
                                  "/head", "/echo", "/reset", "/leave?0", "/leave?1", "/leave?2"])  # fmt: skip
def test_an_http2_exchange_is_kept_with_its_headers_in_order_and_its_body(
    visited: Visited, name: str
) -> None:
    sent = [
        s for s in visited.record.sent if path(s.url) == name and s.protocol == "h2" and s.method != "OPTIONS"
    ]
    kept = [
        one
        for one in visited.warc
        if one.kind == "response" and one.header("WARC-Protocol") == "h2" and path(one.url) == name
    ]
    kept = [one for one in kept if not one.block.startswith(b"HTTP/1.1 204 ")]
    assert len(sent) == len(kept) >= 1
    for told, one in zip(sent, kept, strict=True):
        head, _, body = one.block.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        assert lines[0].split()[1] == str(told.status).encode()
        assert tuple(tuple(line.split(b": ", 1)) for line in lines[1:]) == told.headers
        assert digest(body) == told.block or not told.whole


def test_hints_and_trailers_are_kept_beside_the_answer(visited: Visited) -> None:
    rows = {
        (row["protocol"], path(row["url"])): row
        for row in visited.files["exchanges.json"]
        if row["method"] == "GET"
    }
    trailers = [["x-trailer", "one"], ["x-trailer", "two"]]
    assert [[name.lower(), value] for name, value in rows["http/1.1", "/chunked"]["trailers"]] == trailers
    assert rows["h2", "/trailers"]["trailers"] == trailers
    assert [one["status"] for one in rows["http/1.1", "/early"]["informational"]] == [103, 103]
    assert ["link", "</a.css>; rel=preload"] in rows["h2", "/early"]["informational"][0]["headers"]


def test_an_answer_that_was_cut_says_so(visited: Visited) -> None:
    how = {(path(row["url"]), row["how"]) for row in visited.files["exchanges.json"]}
    assert {("/short", "truncated"), ("/short-chunks", "truncated"), ("/reset", "reset"), ("/until-close", "close"), ("/none", "none"),
            ("/head", "none"), ("/chunked", "chunked"), ("/gzip", "length"), ("/socket", "upgrade"), ("/large", "frames")} <= how  # fmt: skip
    assert not {name for name, how in how if how in ("truncated", "reset")} - {
        "/short",
        "/short-chunks",
        "/reset",
        "/events",
    }
    cut = {path(one.url) for one in visited.warc if one.header("WARC-Truncated")}
    assert cut >= {"/short", "/short-chunks", "/reset"}


def test_the_messages_of_every_websocket_are_kept(visited: Visited) -> None:
    told: dict[str, Counter[tuple[str, bytes]]] = {}
    for url, who, data in visited.record.messages:
        told.setdefault(url, Counter())[{"client": "browser", "server": "site"}[who], data] += 1
    kept = {}
    for one in visited.files["websockets.json"]:
        data = [
            (m["from"], m["text"].encode() if "text" in m else base64.b64decode(m["base64"]))
            for m in one["messages"]
            if m["kind"] in ("text", "bytes")
        ]
        kept[one["url"]] = Counter(data)
        pings = [m for m in one["messages"] if m["kind"] == "ping"]
        assert [base64.b64decode(m["base64"]) for m in pings] == [b"are you there", b"between"]
    assert kept == told
    assert len(kept) == 3


def test_what_a_websocket_over_http2_carries_is_no_body_of_its_request_or_answer(visited: Visited) -> None:
    kept = [one for one in visited.warc if one.url == visited.site.origins["h2"] + "/socket"]
    assert {one.kind for one in kept} == {"request", "response"}
    assert [one.block.partition(b"\r\n\r\n")[2] for one in kept] == [b"", b""]


def test_every_connection_says_what_its_tls_was(visited: Visited) -> None:
    connections = {one["number"]: one for one in visited.files["connections.json"]}
    versions = {
        "tls13": "TLS 1.3",
        "tls12": "TLS 1.2",
        "h2": "TLS 1.3",
        "goaway": "TLS 1.2",
        "update": "TLS 1.3",
    }
    ports = {int(origin.rsplit(":", 1)[1]): name for name, origin in visited.site.origins.items()}
    resumed = set()
    for one in connections.values():
        assert one["error"] is None
        assert one["peer"] == ["127.0.0.1", one["port"]]
        if "tls" not in one:
            assert ports[one["port"]] == "http"
            continue
        tls = one["tls"]
        assert tls["faults"] == []
        assert tls["name"] == "localhost"
        if not one["exchanges"]:
            continue  # opened ahead of need, and perhaps closed in the middle of its greeting
        assert tls["version"] == versions[ports[one["port"]]]
        assert tls["finished"] == {"client": "good", "server": "good"}
        if tls["resumed"]:
            resumed.add(ports[one["port"]])
            assert connections[tls["resumes"]]["tls"]["version"] == tls["version"]
        else:
            assert tls["server_signature"] == "good"
            assert len(tls["chain"]) == 2
            assert tls["browser"] == {"error": None, "public_authority": False}
    assert resumed >= {"tls12", "tls13"}
    updated = [
        one["tls"]["key_updates"]
        for one in connections.values()
        if ports[one["port"]] == "update" and one["exchanges"]
    ]
    assert updated
    assert max(updated) >= 5  # the site twice in each answer, and the browser in turn


def test_other_programs_open_the_recording_and_see_the_same_pages(visited: Visited) -> None:
    with zipfile.ZipFile(visited.capture.companion) as companion:
        companion.extract("recording.pcapng", visited.folder)
    ports = {name: origin.rsplit(":", 1)[1] for name, origin in visited.site.origins.items()}
    how = [
        word
        for name, port in ports.items()
        for word in ("-d", f"tcp.port=={port},{'http' if name == 'http' else 'tls'}")
    ]
    opened = ["tshark", "-r", visited.folder / "recording.pcapng", *how]
    subprocess.run(
        [*opened, "-q", "--export-objects", f"http,{visited.folder / 'objects'}"],
        capture_output=True,
        check=True,
    )
    objects = Counter(
        (file.name.partition("(")[0], file.read_bytes()) for file in (visited.folder / "objects").iterdir()
    )
    for name in ("gzip", "deflate", "brotli", "identity", "chunked", "chunked-gzip"):
        assert objects[name, answers.TEXT] == 3, name  # tshark 4.0 does not unpack zstd
    for name in ("bare", "last", "cookies", "odd", "early", "no-reason", "keys", "lazy-0.png"):
        block = answers.answer(http1.Request("GET", "/" + name, [], b"", b"")).block
        body = block.partition(b"\n\n" if name == "bare" else b"\r\n\r\n")[2]
        assert objects[name, body] >= (1 if name in ("keys", "lazy-0.png") else 3), name
    bodies = subprocess.run(
        [*opened, "-Y", "http2.body.reassembled.data", "-T", "fields", "-e", "http2.body.reassembled.data"], capture_output=True, text=True, check=True
    )  # fmt: skip
    seen = {digest(bytes.fromhex(part)) for line in bodies.stdout.split() for part in line.split(",")}
    whole_ones = {
        s.block
        for s in visited.record.sent
        if s.protocol == "h2" and path(s.url) in ("/large", "/padded", "/trailers")
    }
    assert len(whole_ones) >= 2
    assert whole_ones <= seen
