"""Exhibits: bags that were put out, each with a reference that is never used again."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Exhibit(models.Model):
    """One exhibit. `reference` is as a statement names it (ABC/1), `name` as a file may be named (ABC-1)."""

    operation = models.ForeignKey("operations.Operation", on_delete=models.PROTECT, related_name="exhibits")
    initials = models.CharField(max_length=5)
    number = models.PositiveIntegerField()
    description = models.TextField()
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    captures = models.ManyToManyField("captures.Capture", related_name="exhibits")
    entry = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "initials", "number"], name="reference_never_used_again"
            )
        ]

    @property
    def reference(self) -> str:
        """As it is called in a statement."""
        return f"{self.initials}/{self.number}"

    @property
    def name(self) -> str:
        """As its folder is called."""
        return f"{self.initials}-{self.number}"
