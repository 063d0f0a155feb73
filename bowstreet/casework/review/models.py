"""Pairs that were proposed, and what people decided about them."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Proposal(models.Model):
    """A pair of accounts that may share a seller, with its reasons. Derived: made again at each linking."""

    operation = models.ForeignKey("operations.Operation", on_delete=models.PROTECT, related_name="proposals")
    left = models.CharField(max_length=450)
    right = models.CharField(max_length=450)
    weight = models.FloatField()
    probability = models.FloatField()
    likely = models.BooleanField()
    reasons = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operation", "left", "right"], name="pair_proposed_once")
        ]


class Verdict(models.TextChoices):
    """What a person may decide."""

    SAME = "same", "The same seller"
    DIFFERENT = "different", "Different sellers"
    UNSURE = "unsure", "Not sure"


class Decision(models.Model):
    """What an officer decided about a pair. Kept for good: a new decision withdraws the one before it."""

    operation = models.ForeignKey("operations.Operation", on_delete=models.PROTECT, related_name="decisions")
    left = models.CharField(max_length=450)
    right = models.CharField(max_length=450)
    verdict = models.CharField(max_length=10, choices=Verdict)
    note = models.TextField(blank=True)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "left", "right"],
                condition=models.Q(withdrawn_at=None),
                name="one_decision_stands",
            )
        ]
