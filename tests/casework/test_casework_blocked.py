"""Blocked pages wait for a person; a login is used only where the authority names its account, and is served nowhere."""

from __future__ import annotations

import json
import ssl
import threading
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme
from django.db import IntegrityError, transaction
from django.test import Client

import market
from bowstreet.capture.errors import BadLogin, PermitRefused
from bowstreet.capture.wire import keylog
from bowstreet.casework.captures import acts, queries
from bowstreet.casework.captures.models import Capture, HandOver
from bowstreet.casework.exhibits import acts as exhibits
from bowstreet.casework.operations import acts as operations
from bowstreet.casework.operations.errors import NotFound
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer

ACCOUNT = "visitor@harbour.example"


class Plain(BaseHTTPRequestHandler):
    """One page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>Plain</title><p>plain words")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def clock() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def harbour() -> Iterator[str]:
    with market.serve() as practice:
        yield practice.url


@pytest.fixture
def here(alice: Officer, harbour: str) -> Operation:
    return operations.open_operation(
        officer=alice, name="Heron", purpose="detection", rationale="Members' offers, once.", sites=[urlsplit(harbour).netloc],
        at=clock() - timedelta(minutes=1), test_ranges=["127.0.0.0/8"], accounts=[ACCOUNT],
    )  # fmt: skip


def ticket(harbour: str) -> str:
    """Log in as a person would, in a browser of their own; the cookie that it gives."""
    asked = HTTPConnection(urlsplit(harbour).netloc, timeout=30)
    form = "name=visitor&password=practice"
    asked.request("POST", "/login", form, {"Content-Type": "application/x-www-form-urlencoded"})
    answer = asked.getresponse()
    found = [value for name, value in answer.getheaders() if name == "Set-Cookie" and "ticket=" in value]
    asked.close()
    return found[0].split("ticket=")[1].split(";")[0]


def login_file(folder: Path, value: str) -> Path:
    cookie = {"name": "ticket", "value": value, "domain": "127.0.0.1", "path": "/"}
    path = folder / "login.json"
    path.write_text(json.dumps({"account": ACCOUNT, "registration": "open", "cookies": [cookie]}))
    return path


def unpacked(data: bytes) -> bytes:
    """A file's bytes, and whatever lies compressed in them: gzip members and ZIP entries."""
    found, at = data, 0
    while (at := data.find(b"\x1f\x8b\x08", at)) >= 0:
        with suppress(zlib.error):
            found += zlib.decompressobj(31).decompress(data[at:])
        at += 3
    return found


@pytest.mark.browser
def test_no_served_byte_tells_of_the_login_the_egress_the_persona_or_the_permit(
    alice: Officer, here: Operation, harbour: str, tmp_path: Path
) -> None:
    value = ticket(harbour)
    login = acts.login_from(login_file(tmp_path, value), officer=alice, operation=here, at=clock())
    made = acts.collect(officer=alice, operation=here, url=f"{harbour}members", now=clock, login=login)
    assert (made.status, made.redacted, made.label) == (200, True, "ok")
    permit = json.loads(
        zipfile.ZipFile(acts.home().restricted.path(made.companion_sha256)).read("permit.json")
    )
    assert permit["account"] == ACCOUNT
    bag = exhibits.path(
        exhibits.produce(
            officer=alice, operation=here, numbers=[made.pk], description="Members' page", at=clock()
        )
    )
    browser = Client()
    browser.force_login(alice)
    where = f"/operations/{here.reference}/captures/"
    served = [
        browser.get(path).content
        for path in (where, f"{where}{made.pk}/", f"/operations/{here.reference}/exhibits/")
    ]
    served += [unpacked(path.read_bytes()) for path in bag.rglob("*") if path.is_file()]
    with zipfile.ZipFile(queries.archive(made)) as pack:
        served += [unpacked(pack.read(name)) for name in pack.namelist()]
    for secret in (value, ACCOUNT, permit["reference"], permit["authority"], "isolation", '"egress"'):
        assert not [one for one in served if secret.encode() in one], secret
    original = acts.home().restricted.path(made.original_sha256)
    with zipfile.ZipFile(original) as pack:
        assert any(value.encode() in unpacked(pack.read(name)) for name in pack.namelist())
    assert "redacted copy" in (bag / "bag-info.txt").read_text()
    assert acts.home().restricted.path(login.sha256).exists()


@pytest.mark.browser
def test_what_the_tap_cannot_open_is_captured_natively_where_that_was_chosen(
    alice: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Plain)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"127.0.0.1:{server.server_address[1]}"
    made = operations.open_operation(
        officer=alice, name="Egret", purpose="detection", rationale="Once.", sites=[host], at=clock() - timedelta(minutes=1),
        test_ranges=["127.0.0.0/8"], bad_tls="record",
    )  # fmt: skip
    lost = keylog.Part(Path("nowhere"), 0)
    monkeypatch.setattr(
        "bowstreet.capture.session.keylog.Part", lambda *_: lost
    )  # the browser writes no secrets
    with acts.session(now=clock) as pages:
        one, other = (
            acts.collect(
                officer=alice, operation=made, url=f"https://{host}/", now=clock, mode=mode, pages=pages
            )
            for mode in ("wire", "either")
        )
    server.shutdown()
    assert (one.mode, other.mode) == ("wire", "native")
    assert one.unopened >= 1
    assert one.cannot_keep == []
    assert "The exact bytes" in other.cannot_keep[0]
    assert made.captures.count() == 3  # both of the second are kept
    with zipfile.ZipFile(queries.archive(other)) as pack:
        assert b"plain words" in unpacked(pack.read("archive/data.warc.gz"))
        assert json.loads(pack.read("files/provenance.json"))["cannot_keep"] == other.cannot_keep


def test_an_account_that_no_authority_names_is_refused(
    alice: Officer, operation: Operation, tmp_path: Path
) -> None:
    login = acts.login_from(login_file(tmp_path, "x" * 20), officer=alice, operation=operation, at=clock())
    with pytest.raises(PermitRefused):
        acts.collect(officer=alice, operation=operation, url="http://shop.example/", now=clock, login=login)
    at = operation.opened_at
    with pytest.raises(PermitRefused, match="names no account"):
        acts.collect(
            officer=alice, operation=operation, url="https://shop.example/", now=lambda: at, login=replace(login, account="other@x.example")
        )  # fmt: skip


def test_a_file_that_is_no_login_is_not_kept(alice: Officer, operation: Operation, tmp_path: Path) -> None:
    (tmp_path / "login.json").write_text("{}")
    with pytest.raises(BadLogin):
        acts.login_from(tmp_path / "login.json", officer=alice, operation=operation, at=clock())
    assert list(acts.home().restricted) == []


@pytest.mark.browser
def test_a_challenge_waits_for_a_person_who_marks_it_as_handled_once_with_a_note(
    alice: Officer, charlie: Officer, here: Operation, harbour: str
) -> None:
    with acts.session(now=clock) as pages:
        made = [
            acts.collect(officer=alice, operation=here, url=f"{harbour}{path}", now=clock, pages=pages)
            for path in ("challenge", "busy", "login", "")
        ]
    assert [one.label for one in made] == ["challenge", "busy", "login", "ok"]
    assert queries.waiting(alice, here.reference) == 3
    with pytest.raises(acts.BadHandOver, match="say what was done"):
        acts.handle(officer=alice, operation=here, number=made[0].pk, note=" ", at=clock())
    with pytest.raises(acts.BadHandOver, match="may look"):
        acts.handle(officer=charlie, operation=here, number=made[0].pk, note="x", at=clock())
    acts.handle(officer=alice, operation=here, number=made[0].pk, note="Left alone", at=clock())
    with pytest.raises(acts.BadHandOver, match="handled already"):
        acts.handle(officer=alice, operation=here, number=made[0].pk, note="Again", at=clock())
    rows = queries.handed_over(alice, here.reference, at=clock())
    assert [one.capture.label for one in rows] == ["login", "busy", "challenge"]
    with pytest.raises(NotFound):
        queries.handed_over(charlie, here.reference, at=clock())


def test_the_database_itself_wants_a_note_with_what_was_handled(alice: Officer, operation: Operation) -> None:
    capture = Capture.objects.create(
        operation=operation, officer=alice, url="http://shop.example/", at=clock(), sha256="ab" * 32, entry=1
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        HandOver.objects.create(capture=capture, handled_at=clock(), handled_by=alice)
