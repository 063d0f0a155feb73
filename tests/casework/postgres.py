"""A real PostgreSQL of our own: a cluster in a temporary folder, on a Unix socket, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """Where Debian and others put initdb and pg_ctl; None where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    return max((p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")), default=None)


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """The address of a fresh database."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path has to be short
    owner, user = [], pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:  # which PostgreSQL refuses to run as
        user = "postgres"
        owner = ["runuser", "-u", user, "--"]
        shutil.chown(folder, user)

    def run(*words: str | Path) -> None:
        subprocess.run([*owner, *map(str, words)], check=True, stdout=subprocess.DEVNULL, cwd="/")

    try:
        run(
            programs / "initdb",
            "-D",
            folder / "data",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        run(
            programs / "pg_ctl",
            "-D",
            folder / "data",
            "-w",
            "-s",
            "-l",
            folder / "log",
            "-o",
            options,
            "start",
        )
        try:
            run(programs / "createdb", "-h", folder, "bowstreet")
            yield f"postgresql://{user}@/bowstreet?host={folder}"
        finally:
            run(programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-s", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
