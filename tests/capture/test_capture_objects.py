"""Evidence objects in a real S3 server (SeaweedFS): whole before `put` returns, the same on every machine, written once."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import obstore
import pytest
from obstore.store import S3Store

import market
from bowstreet.capture import objects
from bowstreet.capture.objects import store_at
from bowstreet.capture.permit import Permit
from bowstreet.evidence.errors import EvidenceError, NotFound
from bowstreet.evidence.store import Store
from bowstreet.evidence.verify import verify
from bowstreet.flow import Home, capture_and_seal

WEED = Path(__file__).parents[2] / ".venv-peers" / "bin" / "weed"
ACCOUNT = {"accessKey": "evidence-key", "secretKey": "evidence-secret"}


def free_ports() -> list[int]:
    """Four ports that are free together, each with its twin 10,000 above, which the server takes as well."""
    found: list[int] = []
    with ExitStack() as held:
        while len(found) < 4:
            one, twin = (held.enter_context(socket.socket()) for _ in range(2))
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
            with suppress(OSError, OverflowError):
                twin.bind(("127.0.0.1", port + 10_000))
                found.append(port)
    return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3 server of our own."""
    if not WEED.exists():
        pytest.skip("SeaweedFS is not in .venv-peers: script/setup peers")
    folder = tmp_path_factory.mktemp("s3")
    told = {
        "identities": [
            {"name": "tests", "credentials": [ACCOUNT], "actions": ["Admin", "Read", "Write", "List"]}
        ]
    }
    (folder / "s3.json").write_text(json.dumps(told))
    ports = dict(zip(("s3", "master", "volume", "filer"), free_ports(), strict=True))
    command = [WEED, "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3", f"-s3.config={folder}/s3.json",
               "-volume.max=5", "-master.volumeSizeLimitMB=64", "-master.telemetry=false", "-s3.port.iceberg=0", "-s3.port.lance=0",
               *(f"-{name}.port={port}" for name, port in ports.items())]  # fmt: skip
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{ports['s3']}"
    try:
        _wait(url)
        yield url
    finally:
        process.kill()
        process.wait()


def _wait(url: str) -> None:
    end = time.monotonic() + 120
    while True:
        try:
            obstore.put(bucket(url), "first", b"here")
            return
        except obstore.exceptions.BaseError:
            assert time.monotonic() < end, "the S3 server never stood"
            time.sleep(0.5)


def bucket(url: str) -> S3Store:
    """The bucket, seen past the store that is tested."""
    return S3Store(
        "evidence", prefix="bowstreet/objects", endpoint=url, access_key_id=ACCOUNT["accessKey"],
        secret_access_key=ACCOUNT["secretKey"], region="us-east-1", client_options={"allow_http": True},
        retry_config={"max_retries": 0, "retry_timeout": timedelta(seconds=5)},
    )  # fmt: skip


@pytest.fixture
def _set(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOWSTREET_OBJECTS", "s3://evidence/bowstreet")
    monkeypatch.setenv("AWS_ENDPOINT", server)
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCOUNT["accessKey"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", ACCOUNT["secretKey"])
    objects._bucket.cache_clear()


def written(folder: Path, data: bytes) -> Path:
    path = folder / "capture.wacz"
    path.write_bytes(data)
    (folder / "capture.wacz.one.tsr").write_bytes(b"a token of " + data[:20])
    return path


@pytest.mark.usefixtures("_set")
@pytest.mark.parametrize("size", [1_000, 40 << 20])
def test_an_object_with_its_time_stamps_is_the_same_on_another_machine(tmp_path: Path, size: int) -> None:
    here, there = store_at(tmp_path / "one" / "objects"), store_at(tmp_path / "two" / "objects")
    data = (str(size) * size)[:size].encode()
    name = here.put(written(tmp_path, data))
    assert here.put(written(tmp_path, data)) == name
    assert name in there
    assert there.path(name).read_bytes() == data
    assert there.path(name).with_name(f"{name}.one.tsr").read_bytes().startswith(b"a token of ")
    assert name in list(there)
    there.attach(name, "late.tsr", b"a late token")
    third = store_at(tmp_path / "three" / "objects")
    assert third.path(f"sha256:{name}").with_name(f"{name}.late.tsr").read_bytes() == b"a late token"
    third.remove(name)
    assert name not in store_at(tmp_path / "four" / "objects")
    with pytest.raises(NotFound):
        store_at(tmp_path / "four" / "objects").path(name)


@pytest.mark.usefixtures("_set")
def test_other_bytes_under_a_name_are_refused_and_told_as_damaged(server: str, tmp_path: Path) -> None:
    name = Store(tmp_path / "elsewhere").put(written(tmp_path, b"what was captured"))
    obstore.put(bucket(server), f"{name[:2]}/{name}", b"what somebody put there")
    store = store_at(tmp_path / "objects")
    with pytest.raises(EvidenceError, match="other bytes"):
        store.path(name)
    assert list(store.damaged()) == [name]
    with pytest.raises(EvidenceError, match="already holds other bytes"):
        store.put(tmp_path / "capture.wacz")
    obstore.delete(bucket(server), f"{name[:2]}/{name}")


@pytest.mark.usefixtures("_set")
def test_a_store_that_is_not_there_is_told_and_nothing_is_half_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(objects, "RETRIES", {"max_retries": 0, "retry_timeout": timedelta(seconds=5)})
    objects._bucket.cache_clear()
    store = store_at(tmp_path / "objects")
    with pytest.raises(EvidenceError, match=r"s3://evidence/bowstreet fails .* ask again"):
        store.put(written(tmp_path, b"captured"))
    objects._bucket.cache_clear()
    assert list(Store(tmp_path / "objects")) == []


@pytest.mark.parametrize("said", ["evidence/bowstreet", "https://evidence.example/", "file:///var/evidence"])
def test_a_setting_that_is_no_bucket_is_refused(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOWSTREET_OBJECTS", said)
    with pytest.raises(EvidenceError, match="the address of a bucket, such as s3://"):
        store_at(tmp_path)


@pytest.mark.browser
@pytest.mark.usefixtures("_set")
def test_a_capture_is_verified_on_a_machine_that_did_not_make_it(tmp_path: Path) -> None:
    at = datetime.now(UTC)
    made, other = Home(tmp_path / "made"), Home(tmp_path / "other")
    with market.serve() as practice:
        permit = Permit(
            reference="P", operation="OP-1", authority="OP-1/1", officer="alice", purpose="detection",
            sites=(practice.url.split("/")[2],), techniques=("visit",), starts=at - timedelta(hours=1),
            ends=at + timedelta(hours=1), issued=at, test_ranges=("127.0.0.0/8",),
        )  # fmt: skip
        kept = capture_and_seal(
            permit, practice.url, home=made, now=lambda: datetime.now(UTC), gate=lambda _: permit
        )
    assert verify(other.objects.path(kept.sha256), trust=made.trust()).ok
    assert other.restricted.path(kept.capture.companion_sha256).stat().st_size > 0
