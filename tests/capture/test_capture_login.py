"""A page visited under a registration: the copy that is served tells nothing of it, and the original is kept apart."""

from __future__ import annotations

import gzip
import http.server
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytesseract
import pytest
from PIL import Image

from bowstreet.capture.errors import BadLogin, PermitRefused
from bowstreet.capture.login import Login
from bowstreet.capture.mask import Mask, Secret
from bowstreet.capture.permit import Permit
from bowstreet.capture.visit import Capture, session
from bowstreet.evidence.warc import records

SESSION, TOKEN, STORED, FRESH = (
    "s3ss10n-4f9a7c21",
    "csrf+tok/en=8842",
    "stored-token-771100",
    "fresh-cookie-918273",
)
ACCOUNT = "quillfeather@members.example"
SECRETS = (
    SESSION,
    TOKEN,
    STORED,
    FRESH,
    "quillfeather",
    "csrf%2Btok%2Fen%3D8842",
    "PERMIT-REFERENCE-77",
    "OP-0001/A1",
)


def now() -> datetime:
    return datetime.now(UTC)


class Members(http.server.BaseHTTPRequestHandler):
    """Pages for members, which echo the session in every way that a careless site does."""

    protocol_version = "HTTP/1.1"
    seen: list[dict[str, str]] = []

    def do_GET(self) -> None:
        type(self).seen.append({"path": self.path, **dict(self.headers.items())})
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        page = f"""<!doctype html><html lang=en><title>Quillfeather's page</title><body><h1>Welcome, quillfeather</h1>
        <p style="float: right">Signed in as quill<b>feather</b>@members.example</p><p>Your session is {SESSION}</p>
        <p>Offers are open until Friday</p><input value="quillfeather" style="font-size: 20px"><style>i::before {{ content: "Hello Quillfeather" }}</style><i></i>
        <canvas id=drawn width=300 height=60></canvas><iframe srcdoc="<h2>Frame of quillfeather</h2>"></iframe>
        <div style="position: fixed; bottom: 0; font-size: 24px">quillfeather logs out here</div><div style="height: 2000px"></div>
        <h2>The last words of a long page</h2><script>
        const pen = document.getElementById('drawn').getContext('2d'); pen.font = '24px sans-serif'; pen.fillText('Drawn quillfeather', 5, 40);</script><form><input type=hidden name=csrf_token value="{TOKEN}"></form><p id=stored></p><script>
        document.getElementById('stored').textContent = localStorage.getItem('token'); console.log('session {SESSION}');
        fetch('/zipped'); fetch('/chunked');
        fetch('/offer?session={SESSION}', {{method: 'POST', body: new URLSearchParams({{lot: '7', csrf_token: '{TOKEN}', pin: '4711'}})}})</script></body></html>""".encode()
        kind, body, extra = "text/html; charset=utf-8", page, ""
        if self.path == "/zipped":
            kind, body, extra = (
                "application/json",
                gzip.compress(json.dumps({"session": SESSION, "lot": 7}).encode()),
                "Content-Encoding: gzip\r\n",
            )
        elif self.path == "/chunked":
            half = len(SESSION) // 2
            pieces = (b"one " + SESSION[:half].encode(), SESSION[half:].encode() + b" two")
            body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
            self.wfile.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n" + body
            )
            return
        elif self.path != "/":
            kind, body = "text/plain", sent
        head = f"HTTP/1.1 200 OK\r\nSet-Cookie: next={FRESH}; Path=/; HttpOnly\r\nContent-Type: {kind}\r\n{extra}Content-Length: {len(body)}\r\n\r\n"
        self.wfile.write(head.encode() + body)

    do_POST = do_GET

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    Members.seen = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Members)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()


def permit(url: str) -> Permit:
    return Permit(
        reference="PERMIT-REFERENCE-77", operation="OP-0001", authority="OP-0001/A1", officer="alice", purpose="detection",
        sites=(url.split("/")[2],), techniques=("visit",), starts=now() - timedelta(hours=1), ends=now() + timedelta(hours=1),
        issued=now(), test_ranges=("127.0.0.0/8",), account=ACCOUNT,
    )  # fmt: skip


def login(url: str) -> Login:
    cookie = {
        "name": "session",
        "value": SESSION,
        "domain": "127.0.0.1",
        "path": "/",
        "expires": -1,
        "httpOnly": True,
        "secure": False,
        "sameSite": "Lax",
    }
    stored = {"origin": url.rstrip("/"), "localStorage": [{"name": "token", "value": STORED}]}
    return Login.parse({"account": ACCOUNT, "registration": "open", "cookies": [cookie], "origins": [stored]})


def served(path: Path) -> bytes:
    """Every byte that an archive gives away: its files, and its records unpacked, headers and bodies."""
    with zipfile.ZipFile(path) as pack:
        found = b"".join(pack.read(name) for name in pack.namelist())
        pack.extract("archive/data.warc.gz", path.parent)
    return found + gzip.decompress((path.parent / "archive/data.warc.gz").read_bytes())


def read(png: bytes) -> str:
    """What a reader of letters makes of a picture, in small letters."""
    found: str = pytesseract.image_to_string(Image.open(io.BytesIO(png)), config="--psm 11")
    return found.lower()


def bodies(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as pack:
        pack.extract("archive/data.warc.gz", path.parent)
    found = records(path.parent / "archive/data.warc.gz")
    return {
        "/" + (one.url or "").split("/", 3)[-1]: one.content(1 << 20)
        for one in found
        if one.kind == "response"
    }


@pytest.mark.browser
@pytest.mark.parametrize("mode", ["wire", "native"])
def test_no_byte_of_the_served_copy_tells_of_the_login_and_the_original_does(
    site: str, tmp_path: Path, mode: str
) -> None:
    originals: list[Path] = []

    def keep(path: Path) -> str:
        originals.append(path.rename(tmp_path / "original.wacz"))
        return "ab" * 32

    with session(tmp_path / "out") as visits:
        capture: Capture = visits.visit(permit(site), site, now=now, mode=mode, login=login(site)).keep(
            original=keep
        )
    assert any(SESSION in one.get("Cookie", "") for one in Members.seen), (
        "the visit was not made under the login"
    )
    given = served(capture.wacz)
    for secret in SECRETS:
        assert secret.lower().encode() not in given.lower(), secret
    assert b"pin=4711" in given  # no token by its name, and too short to be looked for
    whole = served(originals[0])
    with zipfile.ZipFile(originals[0]) as pack:
        shown = read(pack.read("files/screenshot.png"))
    assert shown.count("quillfeather") >= 5
    assert SESSION[:6] in shown
    assert all(secret.encode() in whole for secret in (SESSION, STORED, FRESH))
    with zipfile.ZipFile(capture.wacz) as pack:
        told = json.loads(pack.read("files/redactions.json"))
        provenance = json.loads(pack.read("files/provenance.json"))
        copy = read(pack.read("files/screenshot.png"))
        assert "files/page.pdf" not in pack.namelist()
    assert "quill" not in copy
    assert SESSION[:6] not in copy
    assert "offers are open until friday" in copy
    assert "the last words of a long page" in copy
    on_the_picture = {row["kind"] for row in told["taken_out"] if row["where"] == "screenshot"}
    assert on_the_picture == {"persona", "cookie", "storage", "not searchable"}
    assert {"cookie", "field", "persona", "storage"} <= {row["kind"] for row in told["taken_out"]}
    assert provenance["redacted"] is True
    assert provenance["unredacted_original"].startswith("sha256:")
    assert "abab" not in provenance["unredacted_original"]
    with zipfile.ZipFile(capture.companion) as companion:
        assert json.loads(companion.read("persona.json"))["account"] == ACCOUNT
        assert json.loads(companion.read("original.json")) == {"sha256": "ab" * 32}
    if mode == "wire":
        assert b'{"session": "****************", "lot": 7}' in bodies(capture.wacz)["/zipped"]
        assert bodies(capture.wacz)["/chunked"].endswith(b"one **************** two")


def test_a_login_is_refused_unless_the_authority_names_its_account(site: str, tmp_path: Path) -> None:
    with session(tmp_path) as visits, pytest.raises(PermitRefused, match="does not name the account"):
        visits.visit(replace(permit(site), account=""), site, now=now, login=login(site))
    assert Members.seen == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ([], "JSON object"), ({"account": "a", "registration": "open"}, "three characters"),
        ({"account": "anna"}, "open registration"), ({"account": "anna", "registration": "paid", "cookies": []}, "open registration"),
        ({"account": "anna", "registration": "open"}, "holds none"), ({"account": "anna", "registration": "open", "cookies": [{"name": "x"}]}, "list of objects"),
        ({"account": "anna", "registration": "open", "basic": {"username": "x"}}, "an origin"), ({"account": "anna", "registration": "open", "headers": {}}, "JSON object of"),
    ],
)  # fmt: skip
def test_what_is_no_login_is_refused_in_words(said: Any, why: str) -> None:
    with pytest.raises(BadLogin, match=why):
        Login.parse(said)


def test_a_login_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "login.json").write_bytes(b"\xff{")
    with pytest.raises(BadLogin, match="is no login"):
        Login.read(tmp_path / "login.json")


def test_a_short_value_is_overwritten_where_it_is_carried_and_nowhere_else() -> None:
    mask = Mask([Secret("cookie", "a", b"1")])
    message = b"GET /1 HTTP/1.1\r\nHost: shop1.example\r\nCookie: a=1; theme=dark\r\n\r\n"
    assert mask.message(message, "request GET /1") == message.replace(b"a=1; theme=dark", b"a=*; theme=****")


def test_a_body_that_does_not_decode_is_left_out_whole_and_the_manifest_says_so() -> None:
    mask = Mask([Secret("cookie", "session", SESSION.encode())])
    broken = (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 30\r\n\r\n\x1f\x8bnot gzip "
        + SESSION.encode()
    )
    assert SESSION.encode() not in mask.message(broken, "response GET /")
    assert "response GET /" in mask.manifest()["left_out_whole"]  # type: ignore[operator]
