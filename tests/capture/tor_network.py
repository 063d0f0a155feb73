"""A private Tor network on loopback: three directory authorities, three relays, a client, and hosts of onion services.

    python tests/capture/tor_network.py FOLDER --ready-for 120      # makes it, says when it stands, ends with its input

Nothing leaves this machine. Circuits, introduction points and onion services are as on the real network.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

READY_SECONDS = 240
#: As fast as a network can vote; every authority takes part in everything (tor(1), "testing network options").
COMMON = """
TestingTorNetwork 1
AssumeReachable 1
DirAllowPrivateAddresses 1
ExtendAllowPrivateAddresses 1
EnforceDistinctSubnets 0
ClientRejectInternalAddresses 0
ClientDNSRejectInternalAddresses 0
PathsNeededToBuildCircuits 0.25
TestingV3AuthInitialVotingInterval 20
TestingV3AuthInitialVoteDelay 4
TestingV3AuthInitialDistDelay 4
TestingDirAuthVoteExit *
TestingDirAuthVoteGuard *
TestingDirAuthVoteHSDir *
TestingServerDownloadInitialDelay 0
TestingClientDownloadInitialDelay 0
TestingServerConsensusDownloadInitialDelay 0
TestingClientConsensusDownloadInitialDelay 0
RunAsDaemon 0
SafeLogging 0
"""
AUTHORITY = """
AuthoritativeDirectory 1
V3AuthoritativeDirectory 1
V3AuthVotingInterval 20
V3AuthVoteDelay 4
V3AuthDistDelay 4
V3AuthNIntervalsValid 2
MinUptimeHidServDirectoryV2 0
"""


@dataclass(frozen=True)
class Network:
    """A network that stands. `onion` leads to `target` on loopback; `socks` is the client's port."""

    socks: int
    onion: str
    target: int
    control: Path

    @property
    def egress(self) -> str:
        return f"127.0.0.1:{self.socks}"


class NotUp(RuntimeError):
    """The network did not come to stand."""


def free(count: int) -> list[int]:
    """So many free ports."""
    with ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in taken:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in taken]


@contextmanager
def network(folder: Path) -> Iterator[Network]:
    """Make one, wait until its onion service answers the client, and end it."""
    folder.mkdir(parents=True, exist_ok=True)
    ports = free(14)
    target = ports[13]
    authorities = [_authority(folder / f"a{n}", ports[2 * n], ports[2 * n + 1]) for n in range(3)]
    lines = "\n".join(line for _, line in authorities) + COMMON
    running: list[subprocess.Popen[bytes]] = []
    try:
        for n, (place, _) in enumerate(authorities):
            own = f"Nickname auth{n}\nAddress 127.0.0.1\nORPort 127.0.0.1:{ports[2 * n]}\nDirPort 127.0.0.1:{ports[2 * n + 1]}\n"
            running.append(_start(place, lines + AUTHORITY + own + _EXIT))
        for n in range(3):
            own = f"Nickname relay{n}\nAddress 127.0.0.1\nORPort 127.0.0.1:{ports[6 + n]}\n"
            running.append(_start(folder / f"r{n}", lines + own + _EXIT))
        hidden = folder / "host" / "onion"
        running.append(
            _start(
                folder / "host",
                f"{lines}SocksPort 0\nHiddenServiceDir {hidden}\nHiddenServicePort 80 127.0.0.1:{target}\n",
            )
        )
        client = folder / "client"
        running.append(
            _start(client, f"{lines}SocksPort 127.0.0.1:{ports[12]}\nControlSocket {client}/control\n")
        )
        made = Network(ports[12], _onion(hidden), target, client / "control")
        _wait(made, running)
        yield made
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


_EXIT = "ExitRelay 1\nExitPolicy accept *:*\nExitPolicyRejectPrivate 0\nSocksPort 0\n"


def _authority(place: Path, onion_port: int, dir_port: int) -> tuple[Path, str]:
    """Its keys, and the line by which the others know it."""
    keys = place / "keys"
    keys.mkdir(parents=True, mode=0o700)
    place.chmod(0o700)
    subprocess.run(
        ["tor-gencert", "--create-identity-key", "--passphrase-fd", "0", "-m", "12", "-a", f"127.0.0.1:{dir_port}"],
        cwd=keys, input=b"\n", check=True, capture_output=True,
    )  # fmt: skip
    identity = re.search(r"^fingerprint (\w+)", (keys / "authority_certificate").read_text(), re.M)
    assert identity is not None
    (place / "first").write_text(f"DataDirectory {place}\nORPort {onion_port}\nNickname first\n")
    said = subprocess.run(
        ["tor", "--list-fingerprint", "-f", place / "first"], capture_output=True, text=True, check=True
    )
    own = said.stdout.strip().splitlines()[-1].split(" ", 1)[1].replace(" ", "")
    line = (
        f"DirAuthority a{dir_port} orport={onion_port} no-v2 v3ident={identity[1]} 127.0.0.1:{dir_port} {own}"
    )
    return place, line


def _start(place: Path, settings: str) -> subprocess.Popen[bytes]:
    place.mkdir(parents=True, exist_ok=True)
    place.chmod(0o700)
    (place / "torrc").write_text(f"DataDirectory {place}\nLog notice file {place}/log\n{settings}")
    return subprocess.Popen(["tor", "-f", place / "torrc", "--quiet"], stdout=subprocess.DEVNULL)


def _onion(hidden: Path) -> str:
    for _ in range(200):
        if (hidden / "hostname").exists():
            return (hidden / "hostname").read_text().strip()
        time.sleep(0.1)
    raise NotUp("the onion service has no name")


def _wait(made: Network, running: list[subprocess.Popen[bytes]]) -> None:
    """Until the client reaches something that listens behind the onion service."""
    end = time.monotonic() + READY_SECONDS
    with socket.create_server(("127.0.0.1", made.target)):
        while time.monotonic() < end:
            if any(process.poll() is not None for process in running):
                raise NotUp("one of its nodes ended by itself")
            if _reaches(made):
                return
            time.sleep(1)
    raise NotUp(f"it does not answer after {READY_SECONDS} seconds")


def _reaches(made: Network) -> bool:
    """One connection through SOCKS, as a browser makes it."""
    name = made.onion.encode()
    try:
        with socket.create_connection(("127.0.0.1", made.socks), 10) as sock:
            sock.sendall(b"\5\1\0")
            if sock.recv(2) != b"\5\0":
                return False
            sock.sendall(b"\5\1\0\3" + bytes([len(name)]) + name + (80).to_bytes(2, "big"))
            return sock.recv(10)[1:2] == b"\0"
    except OSError:
        return False


def made(folder: Path) -> Network:
    """A network that another process makes, once it stands."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        if (folder / "network.json").exists():
            said = json.loads((folder / "network.json").read_text())
            return Network(**said | {"control": Path(said["control"])})
        if (folder / "failed").exists():
            raise NotUp((folder / "failed").read_text())
        time.sleep(0.2)
    raise NotUp(f"nobody has made it in {folder} after {READY_SECONDS} seconds")


def main(folder: Path) -> None:
    """Make it, write FOLDER/network.json once it stands, and stay until our input ends."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with network(folder) as one:
            fresh = folder / "network.new"
            fresh.write_text(json.dumps(asdict(one) | {"control": str(one.control)}))
            fresh.replace(folder / "network.json")
            sys.stdin.read()
    except NotUp as error:
        (folder / "failed").write_text(str(error))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
