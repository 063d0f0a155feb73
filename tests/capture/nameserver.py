"""A name server of our own on loopback, whose answers change: what a rebinding attack uses."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


@dataclass
class NameServer:
    """`answers` gives for each name a list of answers, each a list of addresses: one for each asking, the last for ever."""

    port: int
    answers: dict[str, list[list[str]]]
    asked: list[str] = field(default_factory=list)

    @property
    def setting(self) -> str:
        return f"127.0.0.1:{self.port}"

    def answer(self, data: bytes) -> bytes:
        """Every address of the turn; IPv4 for A, IPv6 for AAAA. An asking for A begins the next turn."""
        query = dns.message.from_wire(data)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        if name not in self.answers:
            reply.set_rcode(dns.rcode.NXDOMAIN)
            return reply.to_wire()
        if question.rdtype == dns.rdatatype.A:
            self.asked.append(name)
        turns = self.answers[name]
        rows = turns[min(len(turns), max(1, self.asked.count(name))) - 1]
        wanted = [one for one in rows if (":" in one) == (question.rdtype == dns.rdatatype.AAAA)]
        if wanted:
            reply.answer.append(dns.rrset.from_text(question.name, 0, "IN", question.rdtype, *wanted))
        return reply.to_wire()


@contextmanager
def serve(answers: dict[str, list[list[str]]]) -> Iterator[NameServer]:
    """Answer until closed."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        server = NameServer(sock.getsockname()[1], answers)

        def run() -> None:
            while True:
                try:
                    data, whom = sock.recvfrom(4096)
                except OSError:
                    return
                if data == b"stop":
                    return
                sock.sendto(server.answer(data), whom)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield server
        sock.sendto(b"stop", sock.getsockname())
        thread.join()
