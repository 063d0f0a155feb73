"""`python -m market`: serve the practice market until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading

from market.server import serve

parser = argparse.ArgumentParser(
    prog="python -m market", description="Serve the practice market on loopback."
)
parser.add_argument("--port", type=int, default=8081)
parser.add_argument("--second-port", type=int, default=8082)
given = parser.parse_args()
with serve(port=given.port, second_port=given.second_port) as practice:
    sys.stdout.write(
        f"Harbour Market {practice.url}\nLantern Exchange {practice.second_url}\nCtrl-C to stop\n"
    )
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()
