"""A persona's open registration, as a visit is handed it: cookies and storage of a login that a person made.

    {"account": "quarrybank@shop.example", "registration": "open",
     "cookies": [{"name": "session", "value": "…", "domain": "shop.example", "path": "/"}],
     "origins": [{"origin": "https://shop.example", "localStorage": [{"name": "token", "value": "…"}]}],
     "basic": {"origin": "https://shop.example", "username": "…", "password": "…"}}

Nothing here fills in a login or makes an account. The file is secret: it goes to the restricted store, and what it holds
is taken out of every copy that is served.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bowstreet.capture.errors import BadLogin

SIZE_LIMIT = 4 << 20
_KNOWN = {"account", "registration", "cookies", "origins", "basic"}


@dataclass(frozen=True)
class Login:
    """`account` is named by the authority as well. `state` and `basic` are what the browser's context is given."""

    account: str
    state: dict[str, Any]
    basic: dict[str, str] | None = None
    sha256: str = ""  # of the file it was read from

    @classmethod
    def read(cls, path: Path) -> Login:
        """Parse a file, strictly. Raises BadLogin."""
        try:
            if path.stat().st_size > SIZE_LIMIT:
                raise BadLogin(f"{path} is too large for a login")
            data = path.read_bytes()
            return replace(cls.parse(json.loads(data)), sha256=hashlib.sha256(data).hexdigest())
        except (OSError, ValueError) as error:
            raise BadLogin(f"{path} is no login: {error}") from None

    @classmethod
    def parse(cls, said: Any) -> Login:
        """What such a file says. Raises BadLogin."""
        if not isinstance(said, dict) or set(said) - _KNOWN:
            raise BadLogin(f"a login is a JSON object of {', '.join(sorted(_KNOWN))}")
        account = said.get("account")
        if not isinstance(account, str) or len(account.strip()) < 3:
            raise BadLogin("a login names its account, in at least three characters")
        if said.get("registration") != "open":
            raise BadLogin(
                "only an account of open registration may be used: the login must say registration: open"
            )
        state = {"cookies": _rows(said, "cookies"), "origins": _rows(said, "origins")}
        basic = said.get("basic")
        if basic is not None and not (
            isinstance(basic, dict) and set(basic) == {"origin", "username", "password"}
        ):
            raise BadLogin("'basic' has an origin, a username and a password")
        if not (state["cookies"] or state["origins"] or basic):
            raise BadLogin(
                "a login holds cookies, storage or a name and password for one origin: this one holds none"
            )
        return cls(account.strip(), state, basic)

    @property
    def context(self) -> dict[str, Any]:
        """Options of the browser's context."""
        return {"storage_state": self.state} | ({"http_credentials": self.basic} if self.basic else {})

    def secrets(self) -> list[tuple[str, str, str]]:
        """Kind, name and value of everything in it that must not be served."""
        found = [("cookie", str(c["name"]), str(c["value"])) for c in self.state["cookies"]]
        for origin in self.state["origins"]:
            found += [("storage", str(i["name"]), str(i["value"])) for i in origin.get("localStorage", ())]
        if self.basic:
            found += [("credential", name, self.basic[name]) for name in ("username", "password")]
        return found


def _rows(said: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = said.get(name, [])
    need = {"cookies": {"name", "value"}, "origins": {"origin"}}[name]
    if not isinstance(rows, list) or not all(isinstance(row, dict) and need <= set(row) for row in rows):
        raise BadLogin(f"'{name}' is a list of objects, each with {' and '.join(sorted(need))}")
    return rows
