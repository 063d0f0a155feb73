"""The restricted companion of a capture: what must not reach the other side.

Egress, persona, permit and authority; the recording as pcapng with its secrets, the key log, the network log. The
public part names it by a salted digest only.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import secrets
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bowstreet.capture.found import Found
from bowstreet.capture.wire import pcapng
from bowstreet.capture.wire.connection import Connection

RECORDING = "recording.pcapng"


@dataclass(frozen=True)
class Companion:
    """A companion that was written: its SHA-256, and the salt of the commitments that the public part names."""

    path: Path
    sha256: str
    salt: str

    def commitment(self, digest: str | None = None) -> str:
        """How the public part names the companion, or another file: no guess can be tested against it without the salt."""
        return commitment(digest or self.sha256, self.salt)


def commitment(digest: str, salt: str) -> str:
    """A salted digest, as the public part names what is restricted."""
    return "sha256:" + hashlib.sha256(bytes.fromhex(salt) + bytes.fromhex(digest)).hexdigest()


def write(found: Found, out: Path, *, original: str | None = None) -> Companion:
    """Write the companion. `original` is the SHA-256 of the unredacted archive, where there is one."""
    pcapng.write(found.folder / "tape", found.folder / "keys.log", found.folder / RECORDING)
    salt = secrets.token_hex(32)
    ends = [_own_ends(c, found.permit.egress) for c in found.connections]
    told = {"permit": found.permit.record(), "egress": {"egress": found.permit.egress, "connections": ends}}
    if found.login:
        told["persona"] = {"account": found.login.account, "login": found.login.sha256}
    if original:
        told["original"] = {"sha256": original}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1, allowZip64=True) as archive:
        for name in (RECORDING, "keys.log", "netlog.json"):
            if (found.folder / name).exists():
                # What was on the wire is mostly pictures and ciphertext, which do not shrink.
                how = zipfile.ZIP_STORED if name == RECORDING else zipfile.ZIP_DEFLATED
                archive.write(found.folder / name, name, how)
        for name, value in told.items():
            archive.writestr(f"{name}.json", json.dumps(value, indent=2))
        archive.writestr("salt.txt", salt + "\n")
    with out.open("rb") as file:
        return Companion(out, hashlib.file_digest(file, "sha256").hexdigest(), salt)


def _own_ends(connection: Connection, egress: str) -> dict[str, Any]:
    peer = connection.peer
    unknown = None if egress == "direct" or connection.refused else f"unknown (through {egress.title()})"
    public = bool(peer and ipaddress.ip_address(peer[0].partition("%")[0]).is_global)
    return {
        "host": connection.host,
        "port": connection.port,
        "peer": peer or unknown,
        "public": public,
        "refused": connection.refused,
    }
