"""One record of a pair: the same on screen, in JSON and in what is handed on. As `bowstreet link` tells it, with decisions.

record_of(proposal, decisions)      # {"left", "right", "weight", "probability", …, "reasons": […], "change": […], "decisions": […]}
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bowstreet.casework.review.models import Decision, Proposal
from bowstreet.linking import output
from bowstreet.linking.reasons import Pair


def pair_of(proposal: Proposal) -> Pair:
    """A proposal as linking tells a pair."""
    return output.parse(
        {
            "left": proposal.left,
            "right": proposal.right,
            "weight": proposal.weight,
            "prior": proposal.prior,
            "reasons": proposal.reasons,
            "change": proposal.change,
        }
    )


def record_of(proposal: Proposal, decisions: Iterable[Decision] | None = None) -> dict[str, Any]:
    """A proposal as plain values; with what was decided about it, the latest first, where that is given."""
    told = output.record(pair_of(proposal))
    return told if decisions is None else told | {"decisions": [_decided(one) for one in decisions]}


def _decided(one: Decision) -> dict[str, Any]:
    return {
        "verdict": one.verdict, "note": one.note, "by": one.officer.name, "at": one.at.isoformat(),
        "withdrawn": one.withdrawn_at.isoformat() if one.withdrawn_at else None,
    }  # fmt: skip
