"""A crawl, the places it visits, and its queue of addresses. All that it needs to go on after it was killed is here."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from bowstreet.capture.frontier import Kind as ScopeKind


class State(models.TextChoices):
    """Where a crawl stands."""

    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"  # nothing is left to visit
    STOPPED = "stopped"  # a ceiling, or an authority that ended: `reason` says which


class Crawl(models.Model):
    """One crawl, with the choices it was started with."""

    operation = models.ForeignKey("operations.Operation", on_delete=models.PROTECT, related_name="crawls")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    seeds = models.JSONField()
    scope = models.CharField(max_length=6, choices=[(kind.value, kind.value) for kind in ScopeKind])
    depth = models.PositiveIntegerField()
    rate = models.FloatField()  # seconds between two visits to one site
    obey_robots = models.BooleanField(default=True)
    drop = models.JSONField(default=list)  # query parameters that do not count
    egress = models.CharField(max_length=30, default="direct")
    max_pages = models.PositiveIntegerField()
    max_minutes = models.PositiveIntegerField()
    max_bytes = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    reason = models.TextField(blank=True)
    started_at = models.DateTimeField()
    worked = models.FloatField(default=0)  # seconds, over all its runs
    claimed_by = models.CharField(max_length=120, blank=True)
    claimed_at = models.DateTimeField(null=True)


class Origin(models.Model):
    """Scheme, host and port: what has one robots.txt. All that are of one site are spared as one."""

    crawl = models.ForeignKey(Crawl, on_delete=models.CASCADE, related_name="origins")
    name = models.CharField(max_length=300)
    site = models.CharField(max_length=300)
    not_before = models.DateTimeField(null=True)
    strikes = models.PositiveIntegerField(default=0)  # answers in a row that asked us to wait
    robots = models.TextField(null=True)  # noqa: DJ001 - null: not read yet; empty: it asks nothing
    closed = models.BooleanField(default=False)  # its robots.txt is out of order, so that nothing is visited

    class Meta:
        constraints = [models.UniqueConstraint(fields=["crawl", "name"], name="origin_once_in_a_crawl")]


class Standing(models.TextChoices):
    """Where an address stands."""

    WAITING = "waiting"
    VISITING = "visiting"
    HELD = "held"
    BLOCKED = "blocked"  # kept, and handed to a person
    ROBOTS = "robots"  # robots.txt asks crawlers to leave it
    REFUSED = "refused"  # outside the authority, or visited as often as may be
    FAILED = "failed"


class Address(models.Model):
    """An address that the crawl found within its scope, once."""

    crawl = models.ForeignKey(Crawl, on_delete=models.CASCADE, related_name="addresses")
    origin = models.ForeignKey(Origin, on_delete=models.CASCADE, related_name="addresses")
    url = models.TextField()  # canonical
    key = models.CharField(max_length=64)  # its SHA-256: addresses are too long for an index
    robots = models.BooleanField(default=False)  # the robots.txt of its origin
    depth = models.PositiveIntegerField()
    found_on = models.ForeignKey("self", on_delete=models.SET_NULL, null=True)
    standing = models.CharField(max_length=8, choices=Standing, default=Standing.WAITING)
    tries = models.PositiveIntegerField(default=0)
    visited_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    capture = models.ForeignKey(
        "captures.Capture", on_delete=models.PROTECT, null=True, related_name="crawled"
    )
    size = models.PositiveBigIntegerField(default=0)  # bytes of its archive
    outside = models.PositiveIntegerField(default=0)  # links it showed that are outside the crawl's scope

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["crawl", "key"], name="address_once_in_a_crawl"),
            models.CheckConstraint(
                name="what_is_held_has_its_capture",
                condition=~models.Q(standing__in=["held", "blocked"]) | models.Q(capture__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["crawl", "standing", "depth", "id"])]
