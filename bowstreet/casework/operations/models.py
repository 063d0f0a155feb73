"""Operations, who is on them, and the authorities under which they visit sites."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models


class Purpose(models.TextChoices):
    """The law-enforcement purposes of DPA 2018 s.31."""

    PREVENTION = "prevention"
    INVESTIGATION = "investigation"
    DETECTION = "detection"
    PROSECUTION = "prosecution"
    EXECUTION = "execution", "Execution of penalties"
    SAFEGUARDING = "safeguarding", "Safeguarding against threats to public security"


class Operation(models.Model):
    """A named piece of work with one purpose, and the choices written down for it."""

    reference = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=16, choices=Purpose)
    test_ranges = models.JSONField(default=list)
    bad_tls = models.CharField(
        max_length=8, choices=[("refuse", "refuse"), ("record", "record")], default="refuse"
    )
    opened_at = models.DateTimeField()
    review_due = models.DateField()  # DPA 2018 s.39(2): periodic review of the need to keep
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Membership", related_name="operations"
    )

    #: What the officer who asked for it is on it; `queries.get` says so, and pages show what that seat allows.
    seat = ""

    def __str__(self) -> str:
        return f"{self.reference} {self.name}"

    @property
    def led(self) -> bool:
        """Does whoever asked for it lead it?"""
        return self.seat == Seat.LEAD

    @property
    def worked_on(self) -> bool:
        """May whoever asked for it act on it, and not only look?"""
        return self.seat in (Seat.LEAD, Seat.MEMBER)


class Seat(models.TextChoices):
    """What an officer may do on an operation. Whoever is not on it does not learn that it exists."""

    LEAD = "lead", "Leads: everything, and who is on it, its authorities and its review"
    MEMBER = "member", "Works on it: captures, decides, produces exhibits"
    READER = "reader", "Looks, and changes nothing"


class Membership(models.Model):
    """An officer on an operation."""

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="memberships")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    role = models.CharField(max_length=20, choices=Seat, default=Seat.MEMBER)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operation", "officer"], name="once_on_an_operation"),
            models.CheckConstraint(name="seat_is_known", condition=models.Q(role__in=Seat.values)),
        ]


class Review(models.Model):
    """A decision to go on keeping what an operation holds: why, and until when (DPA 2018 s.39(2))."""

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="reviews")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    reason = models.TextField()
    due = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="review_has_its_reason", condition=~models.Q(reason="")),
        ]


class Kind(models.TextChoices):
    """What sort of authority. Only open-source research is given by this software as it stands."""

    NONE_RECON = "none_recon", "Open-source research without authorisation, by rationale"
    DSA = "DSA", "Directed surveillance authorisation"
    CHIS_REF = "CHIS_ref", "Reference to a CHIS authorisation"
    TEI_REF = "TEI_ref", "Reference to an equipment interference warrant"
    OTHER = "other"


class Authority(models.Model):
    """Leave to visit some sites by some techniques for a time, with its reason in writing."""

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="authorities")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.NONE_RECON)
    rationale = models.TextField()
    sites = models.JSONField()
    techniques = models.JSONField()
    accounts = models.JSONField(default=list)  # of open registration, which a visit may be made under
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    urn = models.CharField(max_length=60, blank=True)
    granted_by = models.CharField(max_length=200)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=200, blank=True)
    cancelled_for = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operation", "number"], name="authority_numbered_once"),
            models.CheckConstraint(name="authority_has_its_reason", condition=~models.Q(rationale="")),
            models.CheckConstraint(
                name="authority_ends_after_it_starts", condition=models.Q(ends__gt=models.F("starts"))
            ),
        ]

    @property
    def reference(self) -> str:
        """How a capture names it."""
        return f"{self.operation.reference}/A{self.number}"

    def standing(self, at: datetime) -> str:
        """Is it in force: `not yet`, `in force`, `over` or `cancelled`?"""
        if self.cancelled_at and at >= self.cancelled_at:
            return "cancelled"
        if at < self.starts:
            return "not yet"
        return "in force" if at < self.ends else "over"
