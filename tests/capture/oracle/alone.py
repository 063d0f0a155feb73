"""A visit in a network of its own, whose only way out is a device that we read: whatever leaves is seen, packet by packet.

unshare -n python -m oracle.alone capture 5       →  JSON: what left, what the site and the name server were asked
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import nameserver
from test_wire_ordinary import by_hand, permit

from bowstreet.capture.limits import Limits
from bowstreet.capture.visit import visit
from oracle import answers, http1
from oracle.record import Record

STUN = "203.0.113.9"
PAGE = b"""<!doctype html><title>reaching out</title><script>
const peer = new RTCPeerConnection({iceServers: [{urls: ['stun:%s:3478', 'stun:stun.example:3478', 'stun:127.0.0.1:PORT', 'turn:%s:3478?transport=udp'],
  username: 'a', credential: 'b'}]});
peer.createDataChannel('c'); peer.createOffer().then(o => peer.setLocalDescription(o));
try { new WebTransport('https://%s/').ready.catch(() => 0); } catch (e) {}
for (const host of ['one.example', 'two.example']) fetch('http://' + host + '/').catch(() => 0);
const link = document.createElement('link'); link.rel = 'dns-prefetch'; link.href = '//three.example'; document.head.append(link);
fetch('/hold').then(() => fetch('/done'));
</script>""" % (STUN.encode(), STUN.encode(), STUN.encode())


def way_out() -> int:
    """A device to which everything goes that does not stay on loopback."""
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, 0x400454CA, struct.pack("16sH", b"out0", 0x1001))  # TUNSETIFF: packets, no extra head
    for command in ("addr add 192.0.2.1/24 dev out0", "link set out0 up", "link set lo up", "route add default dev out0",
                    "-6 addr add 2001:db8::1/64 dev out0 nodad", "-6 route add default dev out0"):  # fmt: skip
        subprocess.run(["ip", *command.split()], check=not command.startswith("-6"), capture_output=True)
    return device


def watch(device: int, seen: list[str]) -> None:
    """Note each packet that leaves. The kernel's own talk with its neighbours (ICMPv6, IGMP) is not the browser's."""
    while True:
        select.select([device], [], [])
        packet = os.read(device, 1 << 16)
        if packet[0] >> 4 == 4:
            protocol, target, head = packet[9], socket.inet_ntoa(packet[16:20]), (packet[0] & 15) * 4
        else:
            protocol, target, head = packet[6], socket.inet_ntop(socket.AF_INET6, packet[24:40]), 40
        if protocol in (6, 17):
            port = int.from_bytes(packet[head + 2 : head + 4], "big")
            seen.append(f"{'tcp' if protocol == 6 else 'udp'} {target} {port}")


def main(how: str, seconds: float) -> None:
    left: list[str] = []
    threading.Thread(target=watch, args=(way_out(), left), daemon=True).start()
    stun = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    stun.bind(("127.0.0.1", 0))
    record, done = Record(), threading.Event()

    def answer(request: http1.Request) -> http1.Reply:
        if request.path == "/hold":
            time.sleep(seconds)
        if request.path == "/done":
            done.set()
        if request.path == "/":
            return http1.Reply(
                answers.plain(PAGE.replace(b"PORT", str(stun.getsockname()[1]).encode()), kind=b"text/html")
            )
        return answers.answer(request)

    with (
        http1.serve(record, answer) as origin,
        nameserver.serve({}) as names,
        tempfile.TemporaryDirectory() as folder,
    ):
        os.environ["BOWSTREET_RESOLVER"] = names.setting
        refused: list[str] = []
        if how == "capture":
            patient = Limits(quiet_seconds=seconds + 60, visit_seconds=seconds + 120)
            capture = visit(
                permit(origin),
                origin + "/",
                folder=Path(folder),
                now=lambda: datetime.now(UTC),
                limits=patient,
            )
            refused = list(capture.refused)
        else:
            with by_hand(origin + "/", Path(folder)):
                done.wait(seconds + 60)
        stun.setblocking(False)
        with suppress(BlockingIOError):
            left.append(f"udp on loopback {len(stun.recv(2000))} bytes")
        asked = sorted(sent.url.removeprefix(origin) for sent in record.sent)
    found = {"left": sorted(set(left)), "asked": asked, "agents": sorted(record.agents), "refused": refused}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
