"""A directory into which offices copy what they like."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rangkiang.store import Store, open_store


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_bytes(b"secret")
    (tmp_path / "store" / "inbox" / "office").mkdir(parents=True)
    return tmp_path / "store"


@pytest.fixture
def store(root: Path) -> Store:
    return open_store(root.as_uri())


def keys(store: Store, prefix: str = "") -> list[str]:
    return [entry.key for entry in store.list(prefix)]


def test_links_lead_nowhere(root: Path, store: Store) -> None:
    inbox = root / "inbox" / "office"
    (inbox / "file").symlink_to(root.parent / "outside" / "secret")
    (inbox / "folder").symlink_to(root.parent / "outside")
    (inbox / "loop").symlink_to(inbox)
    assert keys(store) == []
    for key in ("inbox/office/file", "inbox/office/folder/secret", "inbox/office/loop/file"):
        assert store.stat(key) is None
        assert store.local_path(key) is None
        with pytest.raises(KeyError):
            store.get(key)
    store.delete("inbox/office/folder/secret")
    for write in (store.put, store.put_if_absent):
        with pytest.raises(NotADirectoryError):
            write("inbox/office/folder/new", b"x")
    assert [p.name for p in (root.parent / "outside").iterdir()] == ["secret"]


def test_writing_over_a_link_replaces_the_link(root: Path, store: Store) -> None:
    (root / "k").symlink_to(root.parent / "outside" / "secret")
    assert not store.put_if_absent("k", b"x")
    store.put("k", b"x")
    assert store.get("k") == b"x"
    assert (root.parent / "outside" / "secret").read_bytes() == b"secret"


def test_what_is_no_file_neither_shows_nor_blocks(root: Path, store: Store) -> None:
    os.mkfifo(root / "inbox" / "pipe")
    assert keys(store) == []
    with pytest.raises(KeyError):
        store.get("inbox/pipe")


def test_no_file_goes_unseen_whatever_its_name(root: Path, store: Store) -> None:
    for name in (b"Padang \xe9.pdf", b"a\\b.pdf", b"100%5C.txt", b"\xff\xfe/x", b"line\nbreak"):
        path = root / "inbox" / os.fsdecode(name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(name)
    found = {key: store.get(key) for key in keys(store, "inbox/")}
    assert found == {
        "inbox/100%5C.txt": b"100%5C.txt",
        "inbox/Padang %E9.pdf": b"Padang \xe9.pdf",
        "inbox/a%5Cb.pdf": b"a\\b.pdf",
        "inbox/line\nbreak": b"line\nbreak",
        "inbox/%FF%FE/x": b"\xff\xfe/x",
    }
    assert all(store.local_path(key).read_bytes() == data for key, data in found.items())
    store.delete("inbox/a%5Cb.pdf")
    assert "inbox/a%5Cb.pdf" not in keys(store)


def test_a_copy_over_a_file_changes_its_etag_even_with_the_old_time(root: Path, store: Store) -> None:
    new, target = root.parent / "new.pdf", root / "inbox" / "office" / "a.pdf"
    target.write_bytes(b"first")
    seen = store.stat("inbox/office/a.pdf")
    time.sleep(0.02)  # the clock of a file system ticks some 250 times a second
    new.write_bytes(b"other")
    os.utime(new, ns=(target.stat().st_atime_ns, target.stat().st_mtime_ns))
    shutil.copy2(new, target)
    again = store.stat("inbox/office/a.pdf")
    assert (again.size, again.modified) == (seen.size, seen.modified)
    assert again.etag != seen.etag
    assert [e.etag for e in store.list()] == [again.etag]


def test_a_listing_reads_no_file(root: Path, store: Store) -> None:
    file = root / "inbox" / "large"
    file.write_bytes(b"x")
    os.utime(file, ns=(0, file.stat().st_mtime_ns))  # a first read would bring the time of access up to date
    assert keys(store) == ["inbox/large"]
    assert file.stat().st_atime_ns == 0


def test_a_killed_writer_leaves_nothing_that_shows(root: Path, store: Store) -> None:
    script = (
        "import os, sys; from rangkiang.store import open_store\n"
        "os.link = os.replace = lambda *a, **k: os.kill(os.getpid(), 9)\n"
        "getattr(open_store(sys.argv[1]), sys.argv[2])('inbox/k', b'x' * 100000)\n"
    )
    for verb in ("put", "put_if_absent"):
        done = subprocess.run([sys.executable, "-c", script, root.as_uri(), verb], check=False)
        assert done.returncode == -9
        assert keys(store) == []
    old, young = (root / ".rangkiang").glob("half-*")
    os.utime(old, (0, 0))
    open_store(root.as_uri())
    assert list((root / ".rangkiang").glob("half-*")) == [young]
    assert store.put_if_absent("inbox/k", b"y")


def test_files_can_be_read_by_those_who_serve_them(root: Path, store: Store) -> None:
    mask = os.umask(0o022)
    try:
        store.put("portal/index.html", b"x")
    finally:
        os.umask(mask)
    assert (root / "portal" / "index.html").stat().st_mode & 0o777 == 0o644


def test_a_file_removed_during_the_listing_is_no_error(root: Path, store: Store) -> None:
    for n in range(3):
        store.put(f"inbox/{n}", b"")
    listing = store.list("inbox/")
    assert next(listing).key == "inbox/0"
    (root / "inbox" / "1").unlink()
    assert [e.key for e in listing] == ["inbox/2"]
