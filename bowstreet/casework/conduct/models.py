"""The written choices of an operation about its visits, and supervisors' decisions on further ones. Rows are added, not changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Robots(models.TextChoices):
    """What a crawl does about robots.txt."""

    OBEY = "obey", "Obey robots.txt"
    IGNORE = "ignore", "Visit what robots.txt asks crawlers to leave"


class Choice(models.Model):
    """What an operation chose; the latest holds."""

    operation = models.ForeignKey("operations.Operation", on_delete=models.PROTECT, related_name="choices")
    robots = models.CharField(max_length=6, choices=Robots, default=Robots.OBEY)
    repeat_visits = models.PositiveIntegerField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="choice_has_its_reason", condition=~models.Q(reason="")),
            models.CheckConstraint(
                name="choice_allows_a_first_visit", condition=models.Q(repeat_visits__gte=1)
            ),
        ]


class Further(models.Model):
    """A supervisor's decision that one page may be visited so many times more."""

    operation = models.ForeignKey("operations.Operation", on_delete=models.PROTECT, related_name="further")
    url = models.TextField()  # canonical
    visits = models.PositiveIntegerField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="further_has_its_reason", condition=~models.Q(reason="")),
            models.CheckConstraint(name="further_is_some", condition=models.Q(visits__gte=1)),
        ]
