"""Officers: those who may sign in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Role(models.TextChoices):
    """What an officer does; what they may see is decided by the operations they are on."""

    OFFICER = "officer", "Investigating officer"
    ANALYST = "analyst", "Analyst"
    SUPERVISOR = "supervisor", "Supervisor"
    DISCLOSURE = "disclosure", "Disclosure officer"
    DPO = "dpo", "Data protection officer"
    AUDITOR = "auditor", "Auditor"


class Officers(BaseUserManager["Officer"]):
    """Finds officers by name, as Django asks."""


class Officer(AbstractBaseUser):
    """A person with a name, initials for exhibits, and a role."""

    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200)
    initials = models.CharField(max_length=5)
    role = models.CharField(max_length=12, choices=Role, default=Role.OFFICER)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[Officers] = Officers()
    USERNAME_FIELD = "username"

    class Meta:
        constraints = [models.CheckConstraint(name="officer_has_initials", condition=~models.Q(initials=""))]

    def __str__(self) -> str:
        return self.name

    @property
    def inspects_the_log(self) -> bool:
        """May this officer read the log at all?"""
        return self.role in (Role.DPO, Role.AUDITOR)
