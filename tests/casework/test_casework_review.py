"""Pairs are shown with all that the record holds; people decide, and their decisions bind."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bowstreet.casework.findings import queries as findings
from bowstreet.casework.findings.models import Identifier, Image, Page
from bowstreet.casework.log.models import Entry
from bowstreet.casework.operations.errors import NotFound
from bowstreet.casework.operations.models import Operation
from bowstreet.casework.people.models import Officer
from bowstreet.casework.review import acts, proofs, queries, seller_page
from bowstreet.casework.review.acts import BadDecision
from bowstreet.casework.review.models import Decision, Proposal
from bowstreet.casework.review.records import pair_of, record_of
from bowstreet.casework.review.summary import in_short
from bowstreet.casework.review.waterfall import waterfall
from bowstreet.linking import output
from tests.casework.stalls import open_stalls

WARES = ["copper kettles", "oak stools", "wool rugs", "tin lamps", "glass beads", "felt hats", "brass bells", "clay pots",
         "silk scarves", "iron hooks", "reed baskets", "bone combs"]  # fmt: skip


@pytest.fixture
def work(alice: Officer, operation: Operation, now: datetime, tmp_path: Path) -> Operation:
    """Twelve sellers on each of two sites: those of one ware share a telephone number and what they write."""
    open_stalls(WARES, officer=alice, operation=operation, at=now, folder=tmp_path)
    return operation


def _decide(
    officer: Officer, operation: Operation, pair: Proposal | tuple[str, str], verdict: str, now: datetime
) -> Decision:
    left, right = pair if isinstance(pair, tuple) else (pair.left, pair.right)
    return acts.decide(officer=officer, operation=operation, left=left, right=right, verdict=verdict, at=now)


def test_a_pair_is_one_record_on_screen_in_json_and_as_linking_tells_it(
    alice: Officer, work: Operation, now: datetime
) -> None:
    made = acts.link(officer=alice, operation=work, at=now)[0]
    told = record_of(made)
    assert told == output.record(pair_of(made))
    assert told["change"]
    assert any(reason["common"] for reason in told["reasons"])
    assert made.weight == pytest.approx(
        made.prior + sum(reason["weight"] for reason in made.reasons), abs=0.1
    )
    assert json.loads(json.dumps(told)) == told


def test_the_waterfall_goes_from_the_starting_point_to_the_weight_and_is_never_certain(
    alice: Officer, work: Operation, now: datetime
) -> None:
    for made in acts.link(officer=alice, operation=work, at=now):
        drawn = waterfall(pair_of(made))
        assert len(drawn.steps) == len(made.reasons) + 2
        assert drawn.steps[-2].total == pytest.approx(drawn.steps[-1].total, abs=0.1)
        assert all(step.left >= 0 and step.left + step.width <= 200.2 for step in drawn.steps)
        assert not any("100" in step.chance for step in drawn.steps)
        assert not any("100%" in sentence for sentence in in_short(pair_of(made)))


def test_each_side_of_a_reason_leads_to_where_it_stands(
    alice: Officer, work: Operation, now: datetime
) -> None:
    made = acts.link(officer=alice, operation=work, at=now)[0]
    left, right = queries.sides(work, made)
    found = {
        r.kind: proofs.places(r, left) + proofs.places(r, right, right=True) for r in pair_of(made).reasons
    }
    assert {place.fact[0] for place in found["contact"]} == {"i"}
    assert {place.fact[0] for place in found["handle"]} == {"a"}
    assert {place.fact.partition("-")[2] for place in found["writing"]} == {"title"}


def test_decisions_survive_looking_again_and_a_pair_told_apart_is_shown_and_never_joined(
    alice: Officer, work: Operation, now: datetime
) -> None:
    first, second = acts.link(officer=alice, operation=work, at=now)[:2]
    _decide(alice, work, first, "same", now)
    _decide(alice, work, second, "different", now)
    assert queries.clusters(work) == ((first.left, first.right),)
    # Whatever is decided of others, two that were told apart do not come into one group.
    _decide(alice, work, (first.right, second.right), "same", now)
    _decide(alice, work, (first.left, second.left), "same", now)
    assert not any({second.left, second.right} <= set(group) for group in queries.clusters(work))
    assert len(queries.conflicts(work)) == 1
    acts.link(officer=alice, operation=work, at=now)
    again = {row.proposal.pk: row for row in queries.links(alice, work.reference, at=now)}
    assert again[first.pk].decision.verdict == "same"  # type: ignore[union-attr]
    assert again[second.pk].decision.verdict == "different"  # type: ignore[union-attr]


def test_a_decision_keeps_what_was_seen_and_is_withdrawn_and_not_lost(
    alice: Officer, work: Operation, now: datetime
) -> None:
    pair = acts.link(officer=alice, operation=work, at=now)[0]
    assert _decide(alice, work, pair, "same", now).seen["weight"] == pair.weight
    _decide(alice, work, pair, "unsure", now)
    acts.withdraw(officer=alice, operation=work, left=pair.left, right=pair.right, at=now)
    history = queries.history(alice, work.reference, pair.left, pair.right)
    assert [(one.verdict, one.withdrawn_at is not None) for one in history] == [("unsure", True), ("same", True)]  # fmt: skip
    assert queries.clusters(work) == ()
    with pytest.raises(BadDecision, match="no decision about this pair"):
        acts.withdraw(officer=alice, operation=work, left=pair.left, right=pair.right, at=now)


def test_the_queue_shows_each_undecided_pair_once_and_skipped_ones_not_at_all(
    alice: Officer, work: Operation, now: datetime
) -> None:
    acts.link(officer=alice, operation=work, at=now)
    progress = queries.progress(alice, work.reference)
    total, seen = progress.total, list[int]()
    skipped = [progress.next.pk] if progress.next else []
    while (progress := queries.progress(alice, work.reference, skipped=skipped)).next:
        assert progress.decided == len(seen)
        seen.append(progress.next.pk)
        _decide(alice, work, progress.next, ("same", "different", "unsure")[len(seen) % 3], now)
    assert len(set(seen)) == len(seen) == total - 1
    assert queries.progress(alice, work.reference).next.pk == skipped[0]  # type: ignore[union-attr]


def test_a_long_list_of_links_reads_only_the_pairs_of_the_page_shown(
    alice: Officer, work: Operation, now: datetime
) -> None:
    first = findings.sellers(work)[0].id
    Proposal.objects.bulk_create(
        Proposal(operation=work, left=first, right=f"z.example/{n:03d}", weight=-n, probability=0.1, likely=False, reasons=[])
        for n in range(120)
    )  # fmt: skip
    _decide(alice, work, (first, "z.example/000"), "same", now)
    every, mine = queries.links(alice, work.reference, at=now), queries.of_seller(work, first)
    assert (len(every), len(mine)) == (120, 120)
    with CaptureQueriesContext(connection) as asked:
        shown = every[50:100]
    assert len(asked) == 1
    assert [row.proposal.weight for row in shown] == [-float(n) for n in range(51, 101)]
    assert (every[-1].proposal.weight, mine[0].proposal.weight) == (0, 0), "a decided pair is last of all"
    assert [row.proposal.pk for row in every] == list(every.numbers)
    progress = queries.progress(alice, work.reference)
    assert (progress.decided, progress.total) == (1, 120)


def test_weights_learn_from_enough_decisions_and_go_back_when_told(
    alice: Officer, work: Operation, now: datetime
) -> None:
    made = acts.link(officer=alice, operation=work, at=now)
    with pytest.raises(BadDecision, match="training needs 20 decisions, 5 of each: there are 0 same"):
        acts.learn(officer=alice, operation=work, at=now)
    north, south = (
        [s.id for s in findings.sellers(work) if s.site.startswith(side)] for side in ("north", "south")
    )
    for n in range(12):
        # A third of those that share a telephone number are not one seller: a number is worth less here than thought.
        _decide(alice, work, (north[n], south[n]), "same" if n % 3 else "different", now)
        _decide(alice, work, (north[n], south[(n + 1) % 12]), "different", now)
    learned = acts.learn(officer=alice, operation=work, at=now)
    assert (learned.same, learned.different) == (8, 16)
    assert learned.kept
    assert learned.after < learned.before
    entry = Entry.objects.filter(record=f"weights:{work.reference}").get()
    assert entry.detail["after"] == str(learned.after)
    assert Proposal.objects.get(pk=made[0].pk).weight != made[0].weight
    acts.unlearn(officer=alice, operation=work, at=now)
    assert Proposal.objects.get(pk=made[0].pk).weight == made[0].weight
    assert Decision.objects.filter(operation=work, withdrawn_at=None).count() == 24


def test_a_picture_that_is_quarantined_anywhere_is_on_no_sellers_page_and_is_not_given_out(
    alice: Officer, work: Operation, now: datetime
) -> None:
    page, other = Page.objects.filter(kind="seller").order_by("id")[:2]
    shown = Image.objects.create(page=page, sha256="ab" * 32)
    hidden = Image.objects.create(page=page, sha256="cd" * 32)
    Image.objects.create(page=other, sha256="cd" * 32, quarantined="A, a list 1")
    seller = next(one for one in findings.sellers(work) if one.accounts[0].page_id == page.pk)
    assert seller.images == [shown]
    with pytest.raises(NotFound, match="that may be shown"):
        findings.picture(alice, work.reference, hidden.pk, clear=False, at=now)


def test_a_sellers_page_shows_each_value_once_with_its_captures_and_where_it_stands(
    alice: Officer, work: Operation, now: datetime
) -> None:
    first = findings.sellers(work)[0]
    page = first.accounts[0].page
    Identifier.objects.create(
        page=page, type="phone", text="", value=first.identifiers[0].value, valid=True, account=first.handle
    )
    again = findings.named(work, first.id)
    assert again is not None
    told = seller_page.identifiers(again)
    assert [(one.text, one.captures, len(one.places)) for one in told] == [(first.identifiers[0].value, 1, 2)]
    assert len(seller_page.listings(again)) == 2
    assert seller_page.handles(again)[0].text == first.handle
    assert findings.named(work, "north.example/nobody") is None


def test_whoever_may_only_look_decides_nothing(
    alice: Officer, charlie: Officer, work: Operation, now: datetime
) -> None:
    pair = acts.link(officer=alice, operation=work, at=now)[0]
    with pytest.raises(BadDecision, match="not act on it"):
        _decide(charlie, work, pair, "same", now)
    with pytest.raises(BadDecision, match="not act on it"):
        acts.learn(officer=charlie, operation=work, at=now)
