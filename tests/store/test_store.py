"""What every store promises, asked of a directory and of S3 (moto; a real server where RANGKIANG_TEST_S3 names one).

RANGKIANG_TEST_S3 is 'http://endpoint/bucket'; credentials come from the environment, and the bucket must exist.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from rangkiang.store import BadKey, Changed, Store, open_store

HOSTILE = [
    "", "/", "/etc/passwd", "..", "../x", "a/../b", "a/..", "a/./b", ".", "a//b", "a/", "\0", "a\0b", "a\\b",
    "..\\x", ".rangkiang/lock", "a/\udcff", "//a",
]  # fmt: skip
ODD = ["Rekap DB1 (final).pdf", "nagari/Kötö Bärü – ☕.csv", "a%20b", "a%5Cb", "a+b&c=d", "x" * 200, "100%25", "é"]


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


REAL = os.environ.get("RANGKIANG_TEST_S3", "")


@pytest.fixture(params=["directory", "s3", *(["real-s3"] if REAL else [])])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    if request.param == "directory":
        return open_store((tmp_path / "store").as_uri())
    if request.param == "real-s3":
        server, _, bucket = REAL.rpartition("/")
        return open_store(f"s3://{bucket}/{uuid.uuid4().hex}", server)
    server = request.getfixturevalue("endpoint")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    bucket = f"b{uuid.uuid4().hex}"
    boto3.session.Session().client("s3", endpoint_url=server).create_bucket(Bucket=bucket)
    return open_store(f"s3://{bucket}/some/prefix", server)


def keys(store: Store, prefix: str = "") -> list[str]:
    return [entry.key for entry in store.list(prefix)]


def test_what_is_put_is_got(store: Store) -> None:
    entry = store.put("a/b.txt", b"one", "text/plain")
    assert (entry.key, entry.size) == ("a/b.txt", 3)
    assert store.get("a/b.txt") == b"one"
    assert store.stat("a/b.txt").etag == entry.etag
    assert entry.modified.utcoffset() is not None
    store.put("a/b.txt", b"")
    assert store.get("a/b.txt") == b""


def test_what_is_absent_says_so(store: Store) -> None:
    store.put("a/b", b"x")
    for absent in ("nothing", "a", "a/b/c", "a/bb"):
        assert store.stat(absent) is None
        with pytest.raises(KeyError):
            store.get(absent)
        store.delete(absent)
    assert keys(store) == ["a/b"]
    store.delete("a/b")
    assert keys(store) == []


@pytest.mark.parametrize("key", HOSTILE)
def test_hostile_keys_are_refused_everywhere(store: Store, key: str) -> None:
    for use in (
        lambda: store.get(key), lambda: store.stat(key), lambda: store.put(key, b""), lambda: store.delete(key),
        lambda: store.put_if_absent(key, b""), lambda: store.put_if_match(key, b"", "e"),
        lambda: store.local_path(key), lambda: store.presign(key, 9),
    ):  # fmt: skip
        with pytest.raises(BadKey):
            use()


@pytest.mark.parametrize("prefix", ["../", "a/../", "/etc", "a//", "\0"])
def test_hostile_prefixes_are_refused(store: Store, prefix: str) -> None:
    with pytest.raises(BadKey):
        list(store.list(prefix))


@pytest.mark.parametrize("key", ODD)
def test_odd_keys_are_kept_as_they_are(store: Store, key: str) -> None:
    store.put(key, b"x")
    assert keys(store) == [key]
    assert keys(store, key[:3]) == [key]
    assert store.get(key) == b"x"


def test_a_listing_is_sorted_by_key_and_its_prefix_is_a_string(store: Store) -> None:
    for key in ("a/a", "a.txt", "a/b.txt", "a0", "a/b/c", "a-", "ab/x", "B", "á", "a/B"):
        store.put(key, b"")
    everything = keys(store)
    assert everything == sorted(everything, key=str.encode)
    assert len(everything) == 10
    assert keys(store, "a/") == ["a/B", "a/a", "a/b.txt", "a/b/c"]
    assert keys(store, "a/b") == ["a/b.txt", "a/b/c"]
    assert keys(store, "a/b/c") == ["a/b/c"]
    assert keys(store, "a/b/c/") == keys(store, "zzz/") == keys(store, "a.txt/") == []


def test_a_listing_has_no_end_of_page(store: Store) -> None:
    for n in range(1005):
        store.put_if_absent(f"many/{n:04}", b"")
    assert keys(store, "many/") == [f"many/{n:04}" for n in range(1005)]


def test_the_etag_tells_versions_apart(store: Store) -> None:
    etags = [store.put("k", data).etag for data in (b"one", b"two", b"six")]
    assert len(set(etags)) == 3
    assert [e.etag for e in store.list()] == [store.stat("k").etag] == etags[-1:]


def test_put_if_absent_writes_once(store: Store) -> None:
    assert store.put_if_absent("a/k", b"first")
    assert not store.put_if_absent("a/k", b"second")
    assert store.get("a/k") == b"first"


def test_put_if_match_replaces_only_what_was_seen(store: Store) -> None:
    seen = store.put("k", b"one")
    mine = store.put_if_match("k", b"two", seen.etag)
    assert store.get("k") == b"two"
    assert mine.etag == store.stat("k").etag != seen.etag
    with pytest.raises(Changed):
        store.put_if_match("k", b"three", seen.etag)
    store.delete("k")
    with pytest.raises(Changed):
        store.put_if_match("k", b"three", mine.etag)
    assert store.stat("k") is None


def test_of_many_creators_one_wins(store: Store) -> None:
    won: list[bytes] = []

    def create(data: bytes) -> None:
        if store.put_if_absent("race/k", data):
            won.append(data)

    threads = [threading.Thread(target=create, args=(bytes([n]) * 1000,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won == [store.get("race/k")]


def test_stores_do_not_see_each_other(store: Store) -> None:
    store.put("x/in", b"")
    inner = open_store(f"{store.url}/x", getattr(store, "endpoint", ""))
    assert keys(inner) == ["in"]
    assert open_store(store.url, getattr(store, "endpoint", "")).get("x/in") == b""


def test_a_link_reads_one_object(store: Store) -> None:
    store.put("a b/ü.txt", b"public")
    link = store.presign("a b/ü.txt", 60)
    if link is None:
        assert store.url.startswith("file:")
        assert store.local_path("a b/ü.txt").read_bytes() == b"public"
    else:
        with urllib.request.urlopen(link) as answer:  # noqa: S310 - a link of ours
            assert answer.read() == b"public"
        assert store.local_path("a b/ü.txt") is None


@pytest.mark.parametrize("url", ["", "var/store", "file:store", "file://host/x", "http://x/y", "s3://", "s3:///p"])
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="is no store"):
        open_store(url)


def test_processes_take_turns_at_a_counter(tmp_path: Path) -> None:
    """Compare and replace is one step: no increment is lost, on a directory, between processes."""
    url = tmp_path.as_uri()
    open_store(url).put("n", b"0")
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_count_up, args=(url, 25)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert open_store(url).get("n") == b"100"


def _count_up(url: str, times: int) -> None:
    store = open_store(url)
    while times:
        seen = store.stat("n")
        value = int(store.get("n"))
        try:
            store.put_if_match("n", b"%d" % (value + 1), seen.etag)
        except Changed:
            continue
        times -= 1
