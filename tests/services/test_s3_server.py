"""What only a real S3 server can show, or one that is away."""

from __future__ import annotations

import multiprocessing

import pytest
from botocore.exceptions import ClientError

from rangkiang.store import Changed, open_store


def test_processes_take_turns_at_a_counter(s3: tuple[str, str]) -> None:
    """Compare and replace is one step: no increment is lost between processes."""
    open_store(*s3).put("counter", b"0")
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_count_up, args=(s3, 15)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert open_store(*s3).get("counter") == b"60"


def _count_up(s3: tuple[str, str], times: int) -> None:
    store = open_store(*s3)
    while times:
        seen = store.stat("counter")
        value = int(store.get("counter"))
        try:
            store.put_if_match("counter", b"%d" % (value + 1), seen.etag)
        except Changed:
            continue
        times -= 1


def test_of_many_processes_one_creates(s3: tuple[str, str]) -> None:
    context = multiprocessing.get_context("fork")
    for n in range(20):
        with context.Pool(4) as pool:
            won = pool.starmap(_create, [(s3, f"race/{n}", bytes([worker]) * 5000) for worker in range(4)])
        assert won.count(True) == 1
        assert open_store(*s3).get(f"race/{n}") == bytes([won.index(True)]) * 5000


def _create(s3: tuple[str, str], key: str, data: bytes) -> bool:
    return open_store(*s3).put_if_absent(key, data)


def test_a_wrong_secret_is_refused(s3: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    url, endpoint = s3
    # An address of its own for the client, which is kept per endpoint with the secret it was made with.
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        open_store(url, f"{endpoint}/").put("k", b"x")


def test_a_server_that_is_away_is_a_connection_error(monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int) -> None:
    """It is what the steps stop a batch for, to try it again, rather than put every document of it down as failed."""
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    store = open_store("s3://bucket", f"http://127.0.0.1:{unused_tcp_port}")
    for use in (
        lambda: store.get("k"), lambda: store.stat("k"), lambda: store.put("k", b""), lambda: store.delete("k"),
        lambda: store.put_if_absent("k", b""), lambda: store.put_if_match("k", b"", "e"), lambda: list(store.list()),
    ):  # fmt: skip
        with pytest.raises(ConnectionError):
            use()


@pytest.fixture
def unused_tcp_port() -> int:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
