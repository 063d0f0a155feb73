"""What was asked to be captured, and what was captured or received."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from bowstreet.capture.native import CANNOT_KEEP

REDACTED = "Captured under a registration: this is a redacted copy. Its manifest (files/redactions.json) says what was taken out."


class State(models.TextChoices):
    """Where a request stands."""

    ASKED = "asked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Request(models.Model):
    """An address that an officer asked to have captured."""

    operation = models.ForeignKey("operations.Operation", on_delete=models.PROTECT, related_name="requests")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    url = models.TextField()
    egress = models.CharField(max_length=30, default="direct")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    claimed_by = models.CharField(max_length=120, blank=True)
    claimed_at = models.DateTimeField(null=True)
    progress = models.CharField(max_length=300, blank=True)
    problem = models.TextField(blank=True)
    capture = models.ForeignKey("Capture", on_delete=models.PROTECT, null=True, related_name="requests")
    again = models.ForeignKey("self", on_delete=models.PROTECT, null=True)  # what was asked in its stead


class Capture(models.Model):
    """One sealed archive. The bytes are in the store, under `sha256`; the restricted companion is apart."""

    operation = models.ForeignKey("operations.Operation", on_delete=models.PROTECT, related_name="captures")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    received = models.BooleanField(default=False)  # taken in from elsewhere, as it was
    source = models.TextField(blank=True)
    url = models.TextField()
    final_url = models.TextField(blank=True)
    title = models.TextField(blank=True)
    at = models.DateTimeField()
    status = models.PositiveIntegerField(default=0)
    label = models.CharField(max_length=12, default="ok")
    sha256 = models.CharField(max_length=64)
    companion_sha256 = models.CharField(max_length=64, blank=True)
    companion_salt = models.CharField(max_length=64, blank=True)
    exchanges = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    matched = models.PositiveIntegerField(default=0)
    unopened = models.PositiveIntegerField(default=0)  # connections that the wire tap could not open
    redacted = models.BooleanField(default=False)  # made under a login: what is served is a redacted copy
    original_sha256 = models.CharField(
        max_length=64, blank=True
    )  # of the unredacted archive, which is restricted
    mode = models.CharField(max_length=8, default="wire")
    cut_off = models.JSONField(default=list)
    tls_fault = models.CharField(max_length=80, blank=True)
    signer = models.CharField(max_length=80, blank=True)
    timestamps = models.JSONField(default=list)  # authority, at, delay (seconds after sealing), inside
    pending = models.JSONField(default=list)  # authorities that are asked again, by name
    stamp_due = models.DateTimeField(null=True)  # when they are asked next
    faults = models.JSONField(default=list)
    quarantined = models.PositiveIntegerField(
        default=0
    )  # pictures in it that match a hash list: it is not shown whole
    entry = models.PositiveBigIntegerField()  # its number in the log

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operation", "sha256"], name="archive_once_in_an_operation")
        ]

    @property
    def cannot_keep(self) -> list[str]:
        """What the way it was captured cannot keep, in words, for the page and the exhibit."""
        said = list(CANNOT_KEEP) if self.mode == "native" else []
        return said + ([REDACTED] if self.redacted else [])

    @property
    def times(self) -> list[str]:
        """How the time of sealing is proved, in words, for the page and the exhibit."""
        if self.received:
            return ["Received as it was: a time-stamp inside it is its maker's."]
        said = [
            f"Time-stamped by {t['authority']} on {t['at'][:10]} at {t['at'][11:19]} UTC, {_span(t['delay'])} after "
            f"sealing, {'inside the archive' if t['inside'] else 'beside the archive'}."
            for t in self.timestamps
        ]
        said += [f"Pending: {name} did not answer, and is asked again." for name in self.pending]
        return said or ["No time-stamping authority was configured: the time is this installation's own."]


class HandOver(models.Model):
    """A blocked page, for a person to look at: nothing is bypassed. Handled once, with a note of what was done."""

    capture = models.OneToOneField(Capture, on_delete=models.PROTECT, related_name="hand_over")
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="handled_by_somebody_with_a_note",
                condition=models.Q(handled_at=None, handled_by=None, note="")
                | (models.Q(handled_at__isnull=False, handled_by__isnull=False) & ~models.Q(note="")),
            )
        ]


def _span(seconds: int) -> str:
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
