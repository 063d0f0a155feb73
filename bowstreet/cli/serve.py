"""`bowstreet serve`: the web face, the worker and the inert view, on loopback."""

from __future__ import annotations

import getpass
import secrets
import subprocess
import sys
from typing import Annotated

import typer

from bowstreet.cli import say, state

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: bowstreet serve --port 8080")
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    worker: Annotated[bool, typer.Option(help="Carry out capture requests too.")] = True,
) -> None:
    """Serve the web face at http://localhost:8000/ until Ctrl-C. Captured pages are shown under inert.localhost.

    Where nobody can sign in yet, the system's user is given a password, which is printed.
    """
    state.begin()
    _first_officer()
    run(port, worker=worker)


def _first_officer() -> None:
    from bowstreet.casework.people import acts, queries

    if any(one.has_usable_password() for one in queries.everyone()):
        return
    name, password = getpass.getuser(), secrets.token_urlsafe(12)
    acts.ensure(name, at=state.now(), password=password)
    say.result(f"Sign in as '{name}' with the password '{password}'.")
    sys.stdout.flush()


def run(port: int, *, worker: bool) -> None:
    """Serve until interrupted; the worker ends with us."""
    import waitress
    from django.core.wsgi import get_wsgi_application

    process = subprocess.Popen([sys.executable, "-m", "bowstreet", "work"]) if worker else None
    say.messages.print(f"serving http://localhost:{port}/ (Ctrl-C to stop)")
    try:
        waitress.serve(
            get_wsgi_application(), host="127.0.0.1", port=port, threads=6, ident=None, _quiet=True
        )
    except OSError as error:
        raise say.Fail(f"port {port} cannot be used ({error.strerror}): choose another with --port") from None
    finally:
        if process:
            process.terminate()
            process.wait()
