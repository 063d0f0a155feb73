"""A page that is captured again by schedule, and each time that it was looked at."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Watch(models.Model):
    """An address, and how often it is captured. `next_at` is null once it was ended."""

    operation = models.ForeignKey("operations.Operation", on_delete=models.PROTECT, related_name="watches")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    url = models.TextField()
    every = models.PositiveIntegerField()  # seconds
    egress = models.CharField(max_length=30, default="direct")
    since = models.DateTimeField()
    next_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_watch_has_its_interval", condition=models.Q(every__gte=60))
        ]


class Look(models.Model):
    """One time that the page was due: its capture, or why there is none."""

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="looks")
    at = models.DateTimeField()
    capture = models.ForeignKey(
        "captures.Capture", on_delete=models.PROTECT, null=True, related_name="watched"
    )
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_look_has_its_capture_or_its_problem",
                condition=models.Q(capture__isnull=False) | ~models.Q(problem=""),
            )
        ]
