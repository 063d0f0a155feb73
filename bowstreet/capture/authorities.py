"""Time-stamping authorities: which are set up, and the one way to reach them.

    BOWSTREET_TSA_EXAMPLE=http://tsa.example/            where it answers
    BOWSTREET_TSA_EXAMPLE_CA=/etc/bowstreet/example.pem  its root certificates (PEM)
    BOWSTREET_TSA_EXAMPLE_POLICY=1.2.3.4.1               the policy to be asked for, if one is

Only a digest ever leaves. The connection is made straight from this machine, never by a persona's egress, to a
public address; with test ranges allowed, loopback too.
"""

from __future__ import annotations

import os
import re
import socket
import ssl
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from bowstreet.capture.egress import refusal
from bowstreet.capture.errors import BadAuthority
from bowstreet.evidence.errors import BadKey, BadStamp
from bowstreet.evidence.timestamps import MAX_TOKEN, Authority

SECONDS = 10.0  # to connect, and again for the whole answer
_SETTING = re.compile(r"BOWSTREET_TSA_([A-Z0-9_]+?)(_CA|_POLICY)?")


def configured(environment: Mapping[str, str] | None = None) -> tuple[Authority, ...]:
    """The authorities that the settings name, in the order of their names. Raises BadAuthority."""
    settings = os.environ if environment is None else environment
    found = [(match, value) for name, value in settings.items() if (match := _SETTING.fullmatch(name))]
    names = sorted({match[1] for match, _ in found})
    return tuple(_authority(name, settings) for name in names)


def _authority(name: str, settings: Mapping[str, str]) -> Authority:
    setting = f"BOWSTREET_TSA_{name}"
    url, roots = settings.get(setting, ""), settings.get(f"{setting}_CA", "")
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise BadAuthority(f"{setting} is not the web address of a time-stamping authority: {url[:100]!r}")
    if not roots:
        raise BadAuthority(f"{setting} has no root certificate: name its PEM file in {setting}_CA")
    policy = settings.get(f"{setting}_POLICY") or None
    try:
        return Authority(name.lower().replace("_", "-"), url, Path(roots).read_text(), policy)
    except (OSError, UnicodeDecodeError, BadKey) as error:
        raise BadAuthority(f"{setting}_CA={roots} cannot be used: {error}") from None
    except BadStamp as error:
        raise BadAuthority(f"{setting}: {error}") from None


def ask(url: str, body: bytes) -> bytes:
    """Send a time-stamp query and give the answer's body (RFC 3161, 3.4). OSError where none comes."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or {"http": 80, "https": 443}[parts.scheme]
    end = time.monotonic() + SECONDS
    sock = _dial(host, port)
    try:
        if parts.scheme == "https":
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(host, port)
        connection.sock = sock
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, {"Content-Type": "application/timestamp-query"})
        answer = connection.getresponse()
        if answer.status != 200:
            raise OSError(f"it answered with status {answer.status}")
        data = b""
        while len(data) <= MAX_TOKEN and (piece := answer.read1(MAX_TOKEN)):
            data += piece
            if time.monotonic() > end:
                raise TimeoutError("it answered too slowly")
        return data
    except HTTPException as error:
        raise OSError(f"it did not answer in HTTP ({type(error).__name__})") from None
    finally:
        sock.close()


def _dial(host: str, port: int) -> socket.socket:
    """Connect to the first address of the host that may be visited, as it was resolved now."""
    ranges = ("127.0.0.0/8", "::1/128") if os.environ.get("BOWSTREET_ALLOW_TEST_RANGES") == "1" else ()
    why = "it has no address"
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if reason := refusal(str(address[0]), ranges=ranges):
            why = f"{address[0]} is {reason}, where no authority is asked"
            continue
        sock = socket.socket(family, kind, protocol)
        sock.settimeout(SECONDS)
        try:
            sock.connect(address)
        except OSError as error:
            sock.close()
            why = error.strerror or str(error)
            continue
        return sock
    raise OSError(why)
