"""Adding officers."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from bowstreet.casework.log import record
from bowstreet.casework.log.record import Act
from bowstreet.casework.people.models import Officer, Role


@transaction.atomic
def ensure(
    username: str, *, at: datetime, name: str = "", role: str = Role.OFFICER, password: str | None = None
) -> Officer:
    """The officer of that name; added where there is none. Without a password they cannot sign in."""
    found = Officer.objects.filter(username=username).first()
    if found is None:
        full = name or username
        initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", full))[:3].upper() or "XX"
        found = Officer(username=username, name=full, initials=initials, role=role)
        found.set_password(password)
        found.save()
        record.write(Act.COLLECTION, by=username, at=at, record=f"officer:{username}", detail={"role": role})
    elif password is not None and not found.check_password(password):
        found.set_password(password)
        found.save(update_fields=["password"])
        record.write(
            Act.ALTERATION, by=username, at=at, record=f"officer:{username}", detail={"changed": "password"}
        )
    return found
