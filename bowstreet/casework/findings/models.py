"""What captures say, with proofs. All of it is derived: it can be thrown away and read again."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Page(models.Model):
    """One page that was read."""

    capture = models.ForeignKey("captures.Capture", on_delete=models.CASCADE, related_name="pages")
    url = models.TextField()
    record = models.CharField(max_length=80)
    kind = models.CharField(max_length=12)
    language = models.CharField(max_length=8, blank=True)
    text = models.TextField(blank=True)


class Listing(models.Model):
    """One offer, as a page shows it. `fields` and `proof` are as `bowstreet read` prints them."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="listings")
    url = models.TextField(blank=True)
    title = models.TextField()
    amount = models.CharField(max_length=40, blank=True)
    currency = models.CharField(max_length=8, blank=True)
    seller = models.CharField(max_length=120, blank=True)
    site = models.CharField(max_length=300)
    fields = models.JSONField(default=dict)
    proof = models.JSONField(default=dict)


class Account(models.Model):
    """One seller's account, as a page shows it."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="accounts")
    site = models.CharField(max_length=300)
    handle = models.CharField(max_length=120)
    fields = models.JSONField(default=dict)
    proof = models.JSONField(default=dict)


class Identifier(models.Model):
    """One identifier. `value` is empty where it only looks like one."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="identifiers")
    type = models.CharField(max_length=20)
    text = models.TextField()
    value = models.TextField(blank=True)
    valid = models.BooleanField()
    account = models.CharField(max_length=120, blank=True)
    proof = models.JSONField(default=dict)


class Image(models.Model):
    """One picture of a page. Of a quarantined one its digest and why are kept, and nothing else."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="images")
    url = models.TextField(blank=True)
    record = models.CharField(max_length=80, blank=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    quarantined = models.CharField(
        max_length=300, blank=True
    )  # category, source and version of the hash list
    pdq = models.CharField(max_length=64, blank=True)
    quality = models.PositiveSmallIntegerField(default=0)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    qr = models.JSONField(default=list)
    text = models.TextField(blank=True)
    views = models.JSONField(default=list)
    camera = models.JSONField(default=dict)  # never where it was taken

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="of_a_quarantined_picture_nothing_else_is_kept",
                condition=models.Q(quarantined="") | models.Q(pdq="", text="", width=0, height=0),
            )
        ]


class Correction(models.Model):
    """What an officer says that listings of a title offer. Kept for good: a new one withdraws the one before it."""

    operation = models.ForeignKey(
        "operations.Operation", on_delete=models.PROTECT, related_name="corrections"
    )
    title = models.TextField()
    label = models.CharField(max_length=60)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
