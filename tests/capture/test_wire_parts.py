"""Each visit has its own part of the logs of a browser that stays up, however late the browser writes them."""

from __future__ import annotations

import json
from pathlib import Path

from bowstreet.capture.wire import keylog, netlog

RANDOMS = tuple(bytes([n]) * 32 for n in range(3))
SAYS = '"source":{"id":9,"start_time":"1","type":1},"time":"1"'  # a page that would pass for the browser


def event(number: int, *, began: int, noted: int) -> str:
    params = {"url": f"http://stall.example/{number}", "headers": [SAYS], "time": "77"}
    source = {"id": number, "start_time": str(began), "type": 1}
    row = {"params": params, "phase": 0, "source": source, "time": str(noted), "type": 2}
    return json.dumps(row, separators=(",", ":")) + ",\n"


def log(path: Path, *events: str) -> Path:
    path.write_text('{"constants":{},\n"events": [\n' + "".join(events))
    return path


def numbers(path: Path) -> list[int]:
    return [one["source"]["id"] for one in json.loads(path.read_text())["events"]]


def test_what_a_visit_began_is_its_own_though_it_be_noted_after_its_end(tmp_path: Path) -> None:
    path = log(
        tmp_path / "netlog.json",
        event(1, began=900, noted=1500),
        event(2, began=1100, noted=1200),
        event(3, began=1900, noted=2600),
        event(4, began=2100, noted=2700),
    )
    netlog.Part(path, 0, 1.0, 2.0).write(tmp_path / "part")
    assert numbers(tmp_path / "part") == [2, 3]


def test_a_log_is_past_a_visit_once_it_has_told_of_later_things(tmp_path: Path) -> None:
    events = [
        event(1, began=1100, noted=1200),
        event(2, began=1100, noted=2300),
        event(3, began=2200, noted=9000),
    ]
    for count, over in ((1, False), (2, False), (3, True)):
        path = log(tmp_path / "netlog.json", *events[:count])
        assert netlog.Part(path, 0, 1.0, 2.0).write(tmp_path / "part") is over
    path.write_text(path.read_text() + event(4, began=1300, noted=9100)[:-9])
    assert netlog.Part(path, 0, 1.0, 2.0).write(tmp_path / "part"), "a line half written is not there yet"
    assert numbers(tmp_path / "part") == [1, 2]


def test_a_part_of_a_key_log_opens_the_connections_of_its_own_visit_and_no_others(tmp_path: Path) -> None:
    lines = [
        b"# a remark\n", b"CLIENT_RANDOM %s aa\n" % RANDOMS[0].hex().encode(),
        b"SERVER_TRAFFIC_SECRET_0 %s bb\n" % RANDOMS[1].hex().encode(), b"CLIENT_RANDOM %s cc\n" % RANDOMS[2].hex().encode(),
        b"CLIENT_RANDOM %s d" % RANDOMS[1].hex().encode(),
    ]  # fmt: skip
    path = tmp_path / "keys.log"
    path.write_bytes(b"".join(lines))
    keylog.Part(path, len(lines[0] + lines[1])).write(tmp_path / "part", {RANDOMS[0], RANDOMS[1]})
    assert (tmp_path / "part").read_bytes() == lines[2]
