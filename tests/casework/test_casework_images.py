"""Pictures in casework: kept with their page, found on two sellers' pages, and left alone where a hash list says so."""

from __future__ import annotations

import hashlib
import io
import json
import random
from datetime import datetime
from pathlib import Path

import pytest
from django.core import signing
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image as Pictures
from PIL import ImageDraw

from bowstreet.casework.captures import acts as captures
from bowstreet.casework.captures.models import Capture
from bowstreet.casework.exhibits import acts as exhibits
from bowstreet.casework.exhibits.acts import BadExhibit
from bowstreet.casework.findings import acts as findings
from bowstreet.casework.findings import queries, shared
from bowstreet.casework.findings.models import Image
from bowstreet.casework.log.models import Entry
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer


def picture(seed: int = 1, *, width: int = 240) -> bytes:
    chance, drawn = random.Random(seed), Pictures.new("RGB", (240, 180), (200, 210, 220))
    draw = ImageDraw.Draw(drawn)
    for _ in range(20):
        x, y = chance.randrange(240), chance.randrange(180)
        draw.rectangle(
            (x, y, x + chance.randrange(20, 90), y + chance.randrange(20, 70)),
            fill=tuple(chance.randbytes(3)),
        )
    out = io.BytesIO()
    drawn.resize((width, width * 3 // 4)).save(out, "PNG")
    return out.getvalue()


def warc(url: str, page: bytes, pictures: dict[str, bytes]) -> bytes:
    """One page and its pictures, as responses."""
    records = []
    for address, media, body in [
        (url, "text/html", page),
        *((a, "image/png", b) for a, b in pictures.items()),
    ]:
        block = (
            b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (media.encode(), len(body))
            + body
        )
        name = hashlib.sha256(address.encode()).hexdigest()
        head = (
            f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{name[:8]}-0000-4000-8000-{name[8:20]}>\r\n"
            f"WARC-Date: 2026-11-24T10:00:00Z\r\nWARC-Target-URI: {address}\r\nContent-Type: application/http;msgtype=response\r\n"
            f"Content-Length: {len(block)}\r\n\r\n"
        )
        records.append(head.encode() + block + b"\r\n\r\n")
    return b"".join(records)


def seller_page(name: str, source: str) -> bytes:
    rows = {"Member since": "2020-01-02", "Sales": "40", "Rating": "4.9", "Last seen": "2026-11-20"}
    table = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in rows.items())
    about = "<h2>About</h2><p>We sell honest goods and ship each day.</p>"
    return f"<html><title>{name} - Seller profile</title><h1>{name}</h1><table>{table}</table>{about}<img src='{source}'>".encode()


@pytest.fixture
def take(alice: Officer, operation: Operation, now: datetime, tmp_path: Path):  # type: ignore[no-untyped-def]
    def taken(url: str, page: bytes, pictures: dict[str, bytes]) -> Capture:
        path = tmp_path / f"{hashlib.sha256(url.encode()).hexdigest()[:8]}.warc"
        path.write_bytes(warc(url, page, pictures))
        capture, _ = captures.take_in(officer=alice, operation=operation, path=path, at=now)
        findings.read_capture(capture, officer=alice, at=now)
        return Capture.objects.get(pk=capture.pk)

    return taken


def listed(folder: Path, *bodies: bytes) -> list[str]:
    path = folder / "hashes.json"
    media = [
        {"type": "sha256", "value": hashlib.sha256(body).hexdigest(), "category": "1"} for body in bodies
    ]
    path.write_text(json.dumps({"source": "test list", "version": "7", "media": media}))
    return [str(path)]


def test_pictures_are_kept_with_their_page(take, alice: Officer, operation: Operation, now: datetime) -> None:  # type: ignore[no-untyped-def]
    body = picture()
    take("http://shop.example/u/anna", seller_page("annabank", "/a.png"), {"http://shop.example/a.png": body})
    kept = queries.pictures(alice, operation.reference, at=now)
    assert [(one.url, one.sha256, one.width, one.height, one.quarantined) for one in kept] == [
        ("http://shop.example/a.png", hashlib.sha256(body).hexdigest(), 240, 180, "")
    ]
    assert Entry.objects.order_by("-number")[0].record == "pictures"


def test_the_same_picture_on_two_sellers_pages_is_found(
    take, alice: Officer, operation: Operation, now: datetime
) -> None:  # type: ignore[no-untyped-def]
    take(
        "http://shop.example/u/anna",
        seller_page("annabank", "/a.png"),
        {"http://shop.example/a.png": picture(1)},
    )
    take(
        "http://other.example/u/berta",
        seller_page("bertabank", "/b.png"),
        {"http://other.example/b.png": picture(1, width=180)},
    )
    take(
        "http://other.example/u/carla",
        seller_page("carlabank", "/c.png"),
        {"http://other.example/c.png": picture(2)},
    )
    (same,) = shared.pictures(alice, operation.reference, at=now)
    assert {one.url for one in same.images} == {"http://shop.example/a.png", "http://other.example/b.png"}
    assert same.sellers == ("other.example/bertabank", "shop.example/annabank")
    assert [(one.title, one.fact[0]) for one in same.showings] == [("", "a"), ("", "a")]


def test_a_picture_that_is_quarantined_or_the_sites_own_is_shared_by_nobody(
    take, alice: Officer, operation: Operation, now: datetime, settings, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    for number, name in enumerate(("annabank", "bertabank", "carlabank", "dorabank", "emmabank")):
        page = seller_page(name, "/logo.png") + b"<img src='/own.png'>" * (number < 2)
        take(
            f"http://shop.example/u/{name}",
            page,
            {"http://shop.example/logo.png": picture(3), "http://shop.example/own.png": picture(4)},
        )
    (own,) = shared.pictures(alice, operation.reference, at=now)
    assert {one.url for one in own.images} == {"http://shop.example/own.png"}
    settings.HASH_LISTS = listed(tmp_path, picture(4))
    take(
        "http://else.example/u/flora",
        seller_page("flora", "/f.png"),
        {"http://else.example/f.png": picture(4)},
    )
    assert shared.pictures(alice, operation.reference, at=now) == []


def test_who_leads_an_operation_is_told_what_is_quarantined(
    take, alice: Officer, operation: Operation, settings, tmp_path: Path, client: Client
) -> None:  # type: ignore[no-untyped-def]
    client.force_login(alice)
    place = f"/operations/{operation.reference}/"
    assert "quarantined" not in client.get(place).content.decode()
    settings.HASH_LISTS = listed(tmp_path, picture(1))
    capture = take(
        "http://shop.example/u/anna",
        seller_page("annabank", "/a.png"),
        {"http://shop.example/a.png": picture(1)},
    )
    shown = client.get(place).content.decode()
    assert "1 capture holds pictures that match a hash list" in shown
    assert f"{place}captures/{capture.pk}/" in shown
    operation.memberships.update(role="reader")
    assert "match a hash list" not in client.get(place).content.decode()


def test_a_match_is_logged_and_neither_served_nor_exported(  # type: ignore[no-untyped-def]
    take, alice: Officer, operation: Operation, now: datetime, settings, tmp_path: Path, client: Client
) -> None:
    settings.HASH_LISTS = listed(tmp_path, picture(1))
    page = b"<html><title>x</title><p>goods<img src='/a.png' alt=one><img src='/b.png' alt=two>"
    capture = take(
        "http://shop.example/l/1",
        page,
        {"http://shop.example/a.png": picture(1), "http://shop.example/b.png": picture(2)},
    )
    assert capture.quarantined == 1
    held = Image.objects.get(sha256=hashlib.sha256(picture(1)).hexdigest())
    assert (held.quarantined, held.pdq, held.width, held.views, held.qr) == ("1, test list 7", "", 0, [], [])
    entry = Entry.objects.filter(record__startswith="picture:").get()
    assert entry.detail["list"] == "test list"
    token = signing.TimestampSigner(salt="inert").sign(f"{alice.pk}.{capture.pk}..c")
    shown = client.get(f"/inert/{token}/", HTTP_HOST="inert.localhost").content.decode()
    assert shown.count("data:image/") == 1
    with pytest.raises(BadExhibit, match="quarantined picture"):
        exhibits.produce(
            officer=alice, operation=operation, numbers=[capture.pk], description="One page", at=now
        )


def test_the_database_keeps_nothing_else_of_a_quarantined_picture(take, alice: Officer) -> None:  # type: ignore[no-untyped-def]
    take(
        "http://shop.example/u/anna",
        seller_page("annabank", "/a.png"),
        {"http://shop.example/a.png": picture()},
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Image.objects.update(quarantined="1, list 7")
