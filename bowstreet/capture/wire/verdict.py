"""What the browser itself made of each connection's certificate, from its network log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Verdict:
    """`error` is the browser's own name of the fault, None where it found none. `public` says whether the certificate
    leads to an authority that browsers ship with, rather than one that the machine's owner added."""

    error: str | None
    public: bool


def verdicts(log: dict[str, Any]) -> dict[int, Verdict]:
    """The verdict on each connection that has one, by the browser's local port."""
    constants = log["constants"]
    names = {number: name for name, number in constants["logEventTypes"].items()}
    errors = {number: name for name, number in constants.get("netError", {}).items()}
    ports: dict[int, int] = {}
    jobs: dict[int, int] = {}
    found: dict[int, Verdict] = {}
    for event in log["events"]:
        name, source, params = names.get(event["type"]), event["source"]["id"], event.get("params") or {}
        if name == "TCP_CONNECT" and "local_address" in params:
            ports[source] = int(params["local_address"].rpartition(":")[2])
        elif name == "CERT_VERIFIER_REQUEST_BOUND_TO_JOB":
            jobs[source] = params["source_dependency"]["id"]
        elif name == "CERT_VERIFIER_JOB" and "cert_status" in params:
            error = params.get("net_error", 0)
            told = f"net::{errors.get(error, error)}" if error else None
            found[source] = Verdict(told, bool(params.get("is_issued_by_known_root")))
    return {ports[sock]: found[job] for sock, job in jobs.items() if sock in ports and job in found}
