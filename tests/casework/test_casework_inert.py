"""The inert view runs nothing and fetches nothing, whatever a page holds; and shows the place of every fact."""

from __future__ import annotations

import base64
import html
import io
import os
import random
import re
import time
from datetime import datetime
from pathlib import Path

import pytest
from django.core import signing
from django.test import Client
from PIL import Image

from bowstreet.casework.captures import acts as captures
from bowstreet.casework.captures import pictures
from bowstreet.casework.captures.models import Capture
from bowstreet.casework.findings import acts as findings
from bowstreet.casework.findings import inert, styles
from bowstreet.casework.findings.models import Identifier
from bowstreet.casework.findings.render import CLOSE, OPEN, Look
from bowstreet.casework.log.models import Entry
from bowstreet.casework.operations import acts as operations
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer
from bowstreet.reading.document import Document, decode
from bowstreet.reading.reader import read

URL = "http://shop.example/a/"
HOST = {"HTTP_HOST": "inert.localhost"}


def picture(width: int = 400, height: int = 300) -> bytes:
    """Fine stripes: all of what it shows is in its detail."""
    image = Image.new("RGB", (width, height))
    image.putdata([(255 * (x % 2), 0, 255 * (y % 2)) for y in range(height) for x in range(width)])
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def shown(
    source: str, span: tuple[int, int] | None = None, *, styled: bool = False, **held: dict[str, object]
) -> str:
    look = Look(URL, pictures.blurred, styled=styled, **held)  # type: ignore[arg-type]
    return inert.whole(source, look, span=span)


def found(text: str) -> str:
    """What is marked, as a reader sees it."""
    parts = re.findall(r"<mark[^>]*>(.*?)</mark>", text, re.S)
    assert '<mark id="found"' in text
    return html.unescape(re.sub(r"<[^>]+>", "", " ".join(parts)))


@pytest.mark.parametrize("styled", [False, True])
@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<iframe srcdoc='<script>1</script>'>",
     "<a href='javascript:alert(1)'>x</a>", "<meta http-equiv=refresh content='0;url=http://evil.example'>", "<base href=http://evil.example>",
     "<link rel=stylesheet href=http://evil.example/x.css>", "<style>@import 'http://evil.example'</style>", "<form action=http://evil.example><input></form>",
     "<object data=x></object>", "<math><mtext><script>1</script>", "<p style='background:url(http://evil.example)'>x</p>", "<body onload=alert(1)>",
     "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<template><script>1</script></template>", "<video src=http://evil.example>",
     "<style>p{background:u\\72l(http://evil.example)}</style>", "<style>p{--a:'</style><script>1</script>'}</style>", "<img src='data:image/svg+xml,<svg onload=1>'>",
     "<p class='x\"><script>1</script>'>", "<style>@font-face{src:url(http://evil.example)}</style>", "<p style='x:image-set(\"http://evil.example\" 1x)'>"],
)  # fmt: skip
def test_nothing_of_a_hostile_page_is_left_to_run(hostile: str, styled: bool) -> None:
    text = shown(f"<html><body>before {hostile} after</body></html>", styled=styled)
    for word in (
        "<script",
        "<img src=x",
        "<svg",
        "evil.example",
        "<iframe",
        "<form",
        "<object",
        "http-equiv",
    ):
        assert word not in text
    assert not re.search(r"<[^>]*\s(?:on\w+|href|srcdoc|action)\s*=", text.partition("<main>")[2])
    assert "before" in text


def test_a_page_cannot_draw_the_mark_elsewhere() -> None:
    source = f"<p id=found>{OPEN}wrong{CLOSE} right</p>"
    at = source.index("right")
    text = shown(source, (at, at + 5), styled=True)
    assert found(text) == "right"
    assert text.count('id="found"') == 1


def test_a_deeply_nested_page_is_shown() -> None:
    assert "deep" in shown("<div>" * 5000 + "deep")


@pytest.mark.parametrize(
    ("source", "fact"),
    [
        ("<p>Write to <b>a@post.example</b></p>", "a@post.example"),
        ('<img src=x alt="Ring 07700 900123 now">', "07700 900123"),
        ('<a href="mailto:a@post.example">Mail</a>', "a@post.example"),
        ("<table><tr data-seller='quarrybank'><td>x</table>", "quarrybank"),
        ("<html><head><title>Sold by quarrybank</title></head><body>x", "quarrybank"),
        ('<html><head><meta name=author content="quarrybank"></head><body>x', "quarrybank"),
        ('<script type="application/ld+json">{"seller": {"name": "quarrybank"}}</script><p>x', "quarrybank"),
        ("<body><!-- kept for quarrybank --><p>x", "quarrybank"),
        ("<select><option>one<option>quarrybank</select>", "quarrybank"),
        ("<textarea>quarrybank</textarea>", "quarrybank"),
        ("<noscript>quarrybank</noscript>", "quarrybank"),
        ("<table><b>quarrybank</b><tr><td>x</table>", "quarrybank"),
        ("<p>quarry<i>bank</i></p>", "quarry<i>bank"),
        ("<p>a < b quarrybank > c", "quarrybank"),
        ("<div quarrybank=1>x</div>", "quarrybank"),
        ("<svg><text>quarrybank</text></svg>", "quarrybank"),
    ],
)
def test_every_fact_has_a_place_to_be_shown(source: str, fact: str) -> None:
    at = source.index(fact)
    text = found(shown(source, (at, at + len(fact))))
    assert text.replace(" ", "") == re.sub(r"<[^>]+>", "", fact).replace(" ", "")


def test_every_fact_of_real_pages_is_marked_with_what_it_says() -> None:
    folder = os.environ.get("BOWSTREET_DATA")
    if not folder:
        pytest.skip("BOWSTREET_DATA names no folder of real pages")
    paths = sorted(Path(folder).rglob("*.html"))
    facts = wrong = 0
    for path in random.Random(2).sample(paths, min(25, len(paths))):
        body = path.read_bytes()[: 1 << 20]
        source = decode(body, None)[0]
        told = read(body, url=URL)
        proofs = [p for one in (*told.listings, *told.accounts) for p in one.proof.values()]
        proofs += [one.proof for one in told.identifiers if one.proof]
        for proof in proofs[:12]:
            text = found(shown(source, (proof.char_start, proof.char_end)))
            said = Document.parse(
                source[proof.char_start : proof.char_end].encode(), charset="utf-8", url=""
            ).text
            facts += 1
            # what a browser never shows (a noscript element) is shown as its source has it, references and all
            wrong += "".join(html.unescape(text).split()) != "".join(said.split())
    assert facts > 0
    assert wrong == 0, f"{wrong} of {facts}"


def test_a_pages_own_pictures_are_drawn_from_the_archive_and_blurred() -> None:
    data = picture()
    text = shown(
        "<img src='../goods.png' alt='Goods'><img src=other.png alt=Other>",
        images={"http://shop.example/goods.png": data},
    )  # type: ignore[dict-item]
    assert "[picture: Other]" in text
    inner = re.search(r'<img alt="Goods" src="data:image/png;base64,([^"]+)" width="400" height="300">', text)
    assert inner is not None
    drawn = base64.b64decode(inner[1])
    assert len(drawn) < len(data) // 2
    colours = Image.open(io.BytesIO(drawn)).convert("RGB").getextrema()
    assert all(high - low < 40 for low, high in colours), "the stripes are still there"
    sharp = pictures.sharp(data)
    assert sharp is not None
    assert Image.open(io.BytesIO(sharp.data)).size == (400, 300)


def test_a_picture_behind_an_element_is_drawn_again_too_and_nothing_is_fetched_for_it() -> None:
    page = "<div style=\"color:red;background: #eee url('thumb.png') no-repeat\">x</div><p style='background:url(elsewhere.png)'>y"
    text = html.unescape(shown(page, styled=True, images={f"{URL}thumb.png": picture()}))
    (drawn,) = re.findall(r'background-image:url\("data:image/png;base64,([^"]+)"\)', text)
    assert Image.open(io.BytesIO(base64.b64decode(drawn))).width < 400
    assert "thumb.png" not in text
    assert "elsewhere.png" not in text


@pytest.mark.parametrize(
    "data",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, picture()[:900], b"GIF89a" + b"\xff" * 20],
)  # fmt: skip
def test_what_is_no_whole_picture_is_not_drawn(data: bytes) -> None:
    assert pictures.sharp(data) is None
    assert pictures.blurred(data) is None


def test_a_picture_of_very_many_points_is_not_opened() -> None:
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    begun = time.monotonic()
    assert pictures.blurred(out.getvalue()) is None
    assert time.monotonic() - begun < 5


def test_a_page_keeps_its_own_styles_but_what_would_fetch_or_cover() -> None:
    css = "body{color:red} .a{background:#fff url(x.png) no-repeat;position:fixed} @media (min-width:1px){.b{float:left}}"
    kept = styles.safe(css)
    assert "color:red" in kept
    assert "float:left" in kept
    assert "url" not in kept
    assert "fixed" not in kept


# --- who may see it ----------------------------------------------------------------------------------------------


@pytest.fixture
def received(alice: Officer, operation: Operation, now: datetime, tmp_path: Path) -> Capture:
    path = tmp_path / "page.html"
    path.write_bytes(
        b"<html><title>Goods</title><h1>Goods</h1><p>Price: \xc2\xa312.00 Seller: quarrybank</p><p>a@post.example"
    )
    capture, _ = captures.take_in(officer=alice, operation=operation, path=path, at=now)
    findings.read_capture(capture, officer=alice, at=now)
    return capture


def token(officer: Officer, capture: Capture, fact: str = "", how: str = "") -> str:
    return signing.TimestampSigner(salt="inert").sign(f"{officer.pk}.{capture.pk}.{fact}.{how}")


def test_a_look_is_logged_with_its_fact_and_whether_pictures_were_clear(
    alice: Officer, received: Capture, client: Client
) -> None:
    fact = f"i{Identifier.objects.get(type='email').pk}"
    answer = client.get(f"/inert/{token(alice, received, fact, 'c')}/", **HOST)  # type: ignore[arg-type]
    assert answer.status_code == 200
    assert found(answer.content.decode()) == "a@post.example"
    entry = Entry.objects.order_by("-number")[0]
    assert (entry.act, entry.actor, entry.detail) == (
        "consultation",
        "alice",
        {"fact": fact, "pictures": "clear"},
    )


def test_a_token_serves_only_who_is_on_the_operation_still_and_only_for_a_while(
    alice: Officer, charlie: Officer, operation: Operation, received: Capture, now: datetime, client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    operations.add_member(operation=operation, officer=charlie, by=alice, at=now, role="reader")
    given = token(charlie, received)
    assert client.get(f"/inert/{given}/", **HOST).status_code == 200  # type: ignore[arg-type]
    assert client.get(f"/inert/{given}/").status_code == 404, "on our own host"
    assert client.get(f"/inert/{given[:-1]}/", **HOST).status_code == 404  # type: ignore[arg-type]
    operations.remove_member(operation=operation, officer=charlie, by=alice, at=now)
    assert client.get(f"/inert/{given}/", **HOST).status_code == 404  # type: ignore[arg-type]
    given = token(alice, received)
    later = time.time() + inert.SECONDS + 5
    monkeypatch.setattr(time, "time", lambda: later)
    assert client.get(f"/inert/{given}/", **HOST).status_code == 404  # type: ignore[arg-type]
