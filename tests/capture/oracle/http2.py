"""An HTTP/2 server (by the h2 library) that pads, splits, resets, sends trailers and early hints, and goes away."""

from __future__ import annotations

import queue
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h2.settings

from oracle import websocket
from oracle.record import Headers, Record, Sent, digest


@dataclass
class Asked:
    """One stream's request."""

    headers: Headers
    body: bytearray = field(default_factory=bytearray)

    def header(self, name: bytes) -> bytes:
        return next((value for key, value in self.headers if key == name), b"")


@dataclass(frozen=True)
class Reply:
    """What to send on one stream."""

    headers: Headers  # the status first
    body: bytes = b""
    early: Headers | None = None
    trailers: Headers | None = None
    padding: int = 0
    then: str = ""  # reset or goaway, after the body


Answer = Callable[[Asked], Reply]


@contextmanager
def serve(
    record: Record, answer: Answer, context: ssl.SSLContext, *, host: str = "localhost"
) -> Iterator[str]:
    """Serve until closed; gives the origin."""
    context.set_alpn_protocols(["h2"])
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        origin = f"https://{host}:{listener.getsockname()[1]}"

        def accept() -> None:
            while True:
                try:
                    peer, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(
                    target=_connection, args=(record, answer, context, origin, peer), daemon=True
                ).start()

        threading.Thread(target=accept, daemon=True).start()
        yield origin
        listener.shutdown(socket.SHUT_RDWR)


def _connection(
    record: Record, answer: Answer, context: ssl.SSLContext, origin: str, peer: socket.socket
) -> None:
    with peer, suppress(OSError, ssl.SSLError):
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = context.wrap_socket(peer, server_side=True)
        with suppress(h2.exceptions.ProtocolError):
            _Served(record, answer, origin, stream).run()
        while stream.recv(1 << 16):  # after GOAWAY: the browser reads what was sent, and leaves
            pass


class _Served:
    def __init__(self, record: Record, answer: Answer, origin: str, stream: ssl.SSLSocket) -> None:
        self.record, self.answer, self.origin, self.stream = record, answer, origin, stream
        config = h2.config.H2Configuration(
            client_side=False, header_encoding=None, validate_outbound_headers=False
        )
        self.state = h2.connection.H2Connection(config)
        self.asked: dict[int, Asked] = {}
        self.left: dict[int, tuple[bytes, Reply]] = {}
        self.sockets: dict[int, queue.Queue[bytes]] = {}
        self.lock = threading.RLock()

    def run(self) -> None:
        self.state.initiate_connection()
        self.state.update_settings({h2.settings.SettingCodes.ENABLE_CONNECT_PROTOCOL: 1})
        self.flush()
        while data := self.stream.recv(1 << 16):
            with self.lock:
                for event in self.state.receive_data(data):
                    self.take(event)
                for number in list(self.left):
                    self.pour(number)
                self.flush()

    def flush(self) -> None:
        with self.lock:
            self.stream.sendall(self.state.data_to_send())

    def take(self, event: Any) -> None:
        if isinstance(event, h2.events.RequestReceived):
            self.asked[event.stream_id] = asked = Asked(list(event.headers))
            self.record.saw(asked.headers)
            if asked.header(b":protocol") == b"websocket":
                self.upgrade(event.stream_id, asked)
        elif isinstance(event, h2.events.DataReceived):
            self.state.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            if event.stream_id in self.sockets:
                self.sockets[event.stream_id].put(event.data)
            else:
                self.asked[event.stream_id].body += event.data
        elif isinstance(event, h2.events.StreamReset):
            self.left.pop(event.stream_id, None)
        if isinstance(event, h2.events.StreamEnded):
            if event.stream_id in self.sockets:
                self.sockets[event.stream_id].put(b"")
            else:
                self.reply(event.stream_id)

    def reply(self, number: int) -> None:
        asked = self.asked[number]
        reply = self.answer(asked)
        if reply.early:
            self.state.send_headers(number, reply.early)
        bare = not reply.body and not reply.trailers and not reply.then
        self.state.send_headers(number, reply.headers, end_stream=bare)
        self.note(asked, reply)
        if not bare:
            self.left[number] = (reply.body, reply)

    def note(self, asked: Asked, reply: Reply) -> None:
        self.record.answered(
            Sent(
                asked.header(b":method").decode(), self.origin + asked.header(b":path").decode(), "h2", digest(bytes(asked.body)),
                digest(reply.body), int(reply.headers[0][1]), tuple(reply.headers[1:]), whole=reply.then != "reset",
            )
        )  # fmt: skip

    def pour(self, number: int) -> None:
        """Send as much of a body as flow control lets through."""
        body, reply = self.left[number]
        while body:
            room = (
                min(self.state.local_flow_control_window(number), self.state.max_outbound_frame_size)
                - reply.padding
                - 1
            )
            if room <= 0:
                self.left[number] = (body, reply)
                return
            piece, body = body[:room], body[room:]
            self.state.send_data(number, piece, pad_length=reply.padding or None)
            if reply.padding:
                self.flush()
        del self.left[number]
        if reply.then == "reset":
            self.state.reset_stream(number, error_code=2)
        elif reply.trailers:
            self.state.send_headers(number, reply.trailers, end_stream=True)
        else:
            self.state.end_stream(number)
        if reply.then == "goaway":
            self.flush()
            self.state.close_connection(last_stream_id=number)

    def upgrade(self, number: int, asked: Asked) -> None:
        reply = Reply([(b":status", b"200")])
        self.state.send_headers(number, reply.headers)
        self.sockets[number] = incoming = queue.Queue()
        self.record.answered(
            Sent(
                "CONNECT",
                self.origin + asked.header(b":path").decode(),
                "h2",
                digest(b""),
                "",
                200,
                whole=True,
            )
        )

        def send(data: bytes) -> None:
            with self.lock:
                for at in range(0, len(data), 16_000):
                    self.state.send_data(number, data[at : at + 16_000])
                self.flush()

        def talk() -> None:
            with suppress(OSError, ssl.SSLError):
                url = self.origin + asked.header(b":path").decode()
                websocket.talk(self.record, url, lambda _: incoming.get(timeout=60), send)
                with self.lock:
                    self.state.end_stream(number)
                    self.flush()

        threading.Thread(target=talk, daemon=True).start()
