"""The log: who did what, when, to which record (DPA 2018 s.62), and the leaf that stands for it in the ledger."""

from __future__ import annotations

from django.db import models


class Act(models.TextChoices):
    """The six operations of DPA 2018 s.62(1)."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"


class Entry(models.Model):
    """One event. The number is taken in the act's own transaction; the leaf commits to all of it and is never changed."""

    number = models.PositiveBigIntegerField(primary_key=True)
    act = models.CharField(max_length=12, choices=Act)
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    system_user = models.CharField(max_length=150, blank=True)
    operation = models.CharField(max_length=20, blank=True)
    record = models.CharField(max_length=300)
    detail = models.JSONField(default=dict)
    recipient = models.CharField(max_length=300, blank=True)
    reason = models.TextField(blank=True)
    salt = models.BinaryField()
    leaf = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                name="disclosure_names_its_recipient",
                condition=~models.Q(act="disclosure") | ~models.Q(recipient=""),
            ),
            models.CheckConstraint(name="entry_names_its_actor", condition=~models.Q(actor="")),
        ]

    def event(self) -> dict[str, object]:
        """What the leaf commits to."""
        return {
            "number": self.number,
            "act": self.act,
            "at": self.at.isoformat(),
            "actor": self.actor,
            "system_user": self.system_user,
            "operation": self.operation,
            "record": self.record,
            "detail": self.detail,
            "recipient": self.recipient,
            "reason": self.reason,
        }
