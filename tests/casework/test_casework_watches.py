"""A watched page is captured when it is due and no oftener than the rule allows, and what changed is told."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import crawled
import pytest
from PIL import Image, ImageDraw

from bowstreet.capture.errors import BadAddress
from bowstreet.casework.conduct import acts as conduct
from bowstreet.casework.log.models import Entry
from bowstreet.casework.operations import acts as operations
from bowstreet.casework.operations.errors import BadOperation, NotFound
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people import acts as people
from bowstreet.casework.people.models import Officer, Role
from bowstreet.casework.watches import acts, changes, queries
from bowstreet.casework.watches.models import Watch
from bowstreet.casework.watches.picture import compare

SIX_HOURS = timedelta(hours=6)


def now() -> datetime:
    return datetime.now(UTC)


def listing(price: str, stock: str, note: str) -> crawled.Page:
    body = f"""<h1>Blue widgets, box of ten</h1><dl><dt>Price</dt><dd>{price}</dd><dt>Seller</dt><dd>quarrybank</dd>
    <dt>Stock</dt><dd>{stock}</dd><dt>Ships from</dt><dd>Wales</dd></dl><p>{note}</p>"""
    return crawled.page(more=body)


@pytest.mark.browser
def test_what_changed_between_two_looks_is_told_in_text_fields_and_pixels(alice: Officer) -> None:
    pages = {
        "/widgets": [
            listing("£12.00", "5", "Posted within a day."),
            listing("£14.50", "2", "Posted within a week."),
        ]
    }
    with crawled.serve(pages) as site:
        operation = operations.open_operation(
            officer=alice, name="Watch", purpose="detection", rationale="One page.", sites=[site.host], at=now(),
            test_ranges=["127.0.0.0/8"],
        )  # fmt: skip
        watch = acts.add(
            officer=alice, operation=operation, url=site.url + "widgets", every=SIX_HOURS, at=now()
        )
        first = acts.look_due(now=now)
        assert first is not None
        assert (first.watch, first.problem) == (watch, "")
        assert queries.report(alice, operation.reference, watch.pk, at=now()).change is None
        assert acts.look_due(now=now) is None
        second = acts.look_due(now=lambda: now() + SIX_HOURS + timedelta(seconds=1))
        assert second is not None
        assert second.problem == ""
        report = queries.report(alice, operation.reference, watch.pk, at=now())
    assert report.change is not None
    lines = [(line.sign, line.text) for line in report.change.text.lines]
    assert ("-", "£12.00") in lines
    assert ("+", "Posted within a week.") in lines
    fact = next(fact for fact in report.change.facts if fact.kind == "listing")
    fields = {field.name: (field.before, field.after) for field in fact.fields}
    assert fields["price"] == ("12.00 GBP", "14.50 GBP")
    picture = report.change.picture
    assert picture is not None
    assert 0 < picture.share < 0.05
    assert picture.boxes
    said = report.line()["change"]
    assert (said["changed"], said["text"]["added"], said["text"]["removed"]) == (True, 3, 3)
    with pytest.raises(BadOperation, match="none of watch"):
        queries.report(alice, operation.reference, watch.pk, at=now(), before=999)


@pytest.mark.browser
def test_beyond_the_threshold_a_visit_waits_for_a_supervisor_other_than_whoever_asks(alice: Officer) -> None:
    supervisor = people.ensure("grace", at=now(), name="Grace Hill", role=Role.SUPERVISOR)
    with crawled.serve({"/x": [crawled.page()]}) as site:
        operation = operations.open_operation(
            officer=alice, name="Watch", purpose="detection", rationale="One page.", sites=[site.host], at=now(),
            test_ranges=["127.0.0.0/8"],
        )  # fmt: skip
        conduct.choose(
            operation=operation, officer=alice, robots="obey", repeat_visits=1, reason="Once", at=now()
        )
        watch = acts.add(officer=alice, operation=operation, url=site.url + "x", every=SIX_HOURS, at=now())
        assert acts.look(watch, now=now).capture_id
        refused = acts.look(watch, now=now)
        assert "needs a supervisor's decision" in refused.problem
        assert "supervisor" in Entry.objects.order_by("-number")[0].detail["refused"]
        assert site.paths == ["/x"]
        conduct.allow(
            operation=operation,
            supervisor=supervisor,
            url=site.url + "x#part",
            visits=1,
            reason="Once more",
            at=now(),
        )
        assert acts.look(watch, now=now).capture_id
        assert "needs a supervisor's decision" in acts.look(watch, now=now).problem


def test_only_a_supervisor_decides_and_not_for_themselves(alice: Officer, operation: Operation) -> None:
    with pytest.raises(BadOperation, match="no supervisor"):
        conduct.allow(
            operation=operation,
            supervisor=alice,
            url="https://shop.example/",
            visits=1,
            reason="Please",
            at=now(),
        )
    alice.role = Role.SUPERVISOR
    alice.save()
    conduct.allow(
        operation=operation, supervisor=alice, url="https://shop.example/", visits=9, reason="Mine", at=now()
    )
    with pytest.raises(conduct.RepeatVisit):
        conduct.check(operation=operation, officer=alice, url="https://shop.example/", visited=3, at=now())


def test_a_watch_that_was_ended_is_never_due(alice: Officer, charlie: Officer, operation: Operation) -> None:
    watch = acts.add(
        officer=alice, operation=operation, url="https://shop.example/", every=SIX_HOURS, at=now()
    )
    acts.end(watch, officer=alice, at=now())
    assert acts.look_due(now=lambda: now() + timedelta(days=9)) is None
    with pytest.raises(NotFound):
        acts.find(operation, 999)
    with pytest.raises(NotFound):
        queries.of(charlie, operation.reference, at=now())


@pytest.mark.parametrize("said", ["", "6", "6 weeks", "1m", "0h", "100d", "-2h", "h", "١h"])
def test_an_interval_that_is_none_is_refused(said: str) -> None:
    with pytest.raises(BadOperation, match="interval"):
        acts.interval(said)


def test_an_interval_is_read_as_a_person_writes_it(alice: Officer, operation: Operation) -> None:
    assert [acts.interval(said).total_seconds() for said in ("30m", "6h", " 2D ")] == [1800, 21600, 172800]
    with pytest.raises(BadAddress):
        acts.add(officer=alice, operation=operation, url="nonsense", every=SIX_HOURS, at=now())
    assert not Watch.objects.exists()


def test_a_text_is_compared_line_by_line_with_a_line_around() -> None:
    found = changes.text("a\nb\nc\nd\ne", "a\nb\nX\nd\ne")
    assert [(line.sign, line.text) for line in found.lines] == [
        (" ", "b"),
        ("-", "c"),
        ("+", "X"),
        (" ", "d"),
    ]
    assert changes.text("a  b\n\n", "a b").lines == ()
    assert (found.added, found.removed) == (1, 1)


def png(size: tuple[int, int], *boxes: tuple[int, int, int, int]) -> bytes:
    picture = Image.new("RGB", size, "white")
    for box in boxes:
        ImageDraw.Draw(picture).rectangle(box, fill="black")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def test_screenshots_differ_where_they_differ() -> None:
    same = compare(png((200, 100)), png((200, 100)))
    assert same is not None
    assert (same.share, same.boxes) == (0, ())
    two = compare(png((200, 100)), png((200, 100), (10, 10, 19, 19), (150, 60, 159, 69)))
    assert two is not None
    assert (two.share, two.boxes) == (0.01, ((0, 0, 32, 32), (144, 48, 16, 32)))
    longer = compare(png((100, 100)), png((100, 150)))
    assert longer is not None
    assert (longer.share, longer.boxes) == (0.333333, ((0, 96, 100, 54),))
    assert compare(b"no picture", png((10, 10))) is None
