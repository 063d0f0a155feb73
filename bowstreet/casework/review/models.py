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
    prior = models.FloatField(default=0)
    reasons = models.JSONField()
    change = models.JSONField(default=list)  # what would change the answer

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
    seen = models.JSONField(
        default=dict
    )  # the pair's record as it was shown then; empty where there was none
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


class Learning(models.Model):
    """What the weights learned from decisions, and how well it did on those left out. The latest that stands is used."""

    operation = models.ForeignKey("operations.Operation", on_delete=models.PROTECT, related_name="learnings")
    same = models.PositiveIntegerField()
    different = models.PositiveIntegerField()
    before = (
        models.FloatField()
    )  # mean log loss in bits on decisions left out in turn, with the shipped weights
    after = models.FloatField()
    kept = models.BooleanField()  # where it did no better, the shipped weights stay
    shift = models.FloatField()
    factors = models.JSONField(default=dict)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
