"""What a CKAN's answers mean to us, and what we call things there. What it does with them is tested on a real one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from portal.sample_releases import STAGE
from rangkiang.portal import Away, CkanPortal, Refused, open_portal
from rangkiang.portal.ckan import names
from rangkiang.portal.ckan.table import Table, schema
from rangkiang.settings import Ckan

Answer = tuple[int, dict[str, str], object]
EMPTY: Answer = (200, {}, {"success": True, "result": {"results": []}})


class Portal(HTTPServer):
    """Gives the answers that a test has put down, the last one for ever; counts what was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.answers: list[Answer] = []
        self.asked = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Asked(BaseHTTPRequestHandler):
    server: Portal

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        status, headers, said = self.server.answers[min(self.server.asked, len(self.server.answers) - 1)]
        self.server.asked += 1
        body = said.encode() if isinstance(said, str) else json.dumps(said).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def served() -> Iterator[Portal]:
    with Portal() as portal:
        Thread(target=portal.serve_forever, args=(0.02,), daemon=True).start()
        yield portal
        portal.shutdown()


@pytest.fixture
def house(tmp_path: Path) -> Ckan:
    (tmp_path / "token").write_text("rahasia\n")
    return Ckan(token_file=tmp_path / "token", pause=0.01, tries=3)


def failed(kind: str, **fields: object) -> dict[str, object]:
    return {"success": False, "error": {"__type": kind, **fields}}


HOPELESS: list[tuple[Answer, str]] = [
    ((403, {}, failed("Authorization Error", message="Access denied")), "Renew the token in .*token, or give its acc"),
    ((413, {}, "<h1>Request Entity Too Large</h1>"), "client_max_body_size"),
    ((301, {"Location": "https://portal.example/"}, ""), "leads to https://portal.example/: give that as `portal`"),
    ((404, {}, "<h1>Not Found</h1>"), "There is no CKAN at http"),
    ((409, {}, failed("Validation Error", upload=["File upload too large"])), "Raise `ckan.max_resource_size`"),
    (
        (409, {}, failed("Validation Error", name=["That URL is already in use."])),
        "That URL is already in use.*mend it",
    ),
    ((200, {}, "<h1>Welcome</h1>"), "is not a CKAN's answer"),
]


@pytest.mark.parametrize(("answer", "sentence"), HOPELESS)
def test_what_is_hopeless_is_asked_once_and_says_what_to_do(
    served: Portal, house: Ckan, answer: Answer, sentence: str
) -> None:
    served.answers = [answer]
    with pytest.raises(Refused, match=sentence):
        CkanPortal(served.url, house).plan([], STAGE)
    assert served.asked == 1


BUSY: list[Answer] = [
    (429, {"Retry-After": "0"}, ""),
    (500, {}, failed("Search Index Error", message="down")),
    (502, {}, "<h1>Bad Gateway</h1>"),
    (503, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, ""),
    (409, {}, failed("Search Error", message="SOLR returned an error")),
]


@pytest.mark.parametrize("answer", BUSY)
def test_what_may_pass_is_asked_again_and_no_longer_than_set(served: Portal, house: Ckan, answer: Answer) -> None:
    served.answers = [answer, answer, EMPTY]
    assert CkanPortal(served.url, house).plan([], STAGE).empty
    served.answers, served.asked = [answer], 0
    with pytest.raises(Away):
        CkanPortal(served.url, house).plan([], STAGE)
    assert served.asked == 3


@pytest.mark.parametrize(
    ("token", "sentence"), [(None, "name the file"), ("", "there is no CKAN token"), ("a\nb", "there is no CKAN token")]
)
def test_without_a_token_nothing_is_asked(served: Portal, tmp_path: Path, token: str | None, sentence: str) -> None:
    file = tmp_path / "token"
    if token is not None:
        file.write_text(token)
    portal = CkanPortal(served.url, Ckan(token_file=None if token is None else file))
    with pytest.raises(Refused, match=sentence):
        portal.plan([], STAGE)
    assert served.asked == 0


def test_the_url_chooses(house: Ckan) -> None:
    assert isinstance(open_portal("ckan+https://portal.example/", house), CkanPortal)
    assert isinstance(open_portal("ckan+http://127.0.0.1:5000/", house), CkanPortal)
    for address in ("https://portal.example/", "ckan+http://portal.example/", "ckan+https:///"):
        with pytest.raises(ValueError, match="ckan\\+https"):
            open_portal(address, house)


@pytest.mark.parametrize("slug", ["db1-ppwp-13.06-agam", "x" * 150, "x" * 149 + "y"])
def test_names_are_ones_that_ckan_takes(slug: str) -> None:
    name = names.archive(slug)
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")
    assert len(name) <= 100


def test_names_that_are_cut_stay_apart() -> None:
    assert names.dataset("x" * 150) != names.dataset("x" * 149 + "y")
    assert names.dataset("db1-ppwp-13.06-agam") == "db1-ppwp-13-06-agam"


def test_a_table_is_typed_as_its_data_package_says(make_schema: Callable[[], bytes]) -> None:
    found = schema(make_schema(), "a.csv")
    assert found is not None
    assert [(f["id"], f["type"]) for f in found.fields] == [("kode", "text"), ("value", "int8"), ("x0", "float8")]
    assert found.key == ("kode",)
    assert Table(found, b"x0,kode,value\n1.5,007,3000000000\n,13.06,\n").rows == [
        ["007", 3000000000, 1.5],
        ["13.06", None, None],
    ]
    assert schema(make_schema(), "b.csv") is None
    assert schema(b"{", "a.csv") is None


@pytest.fixture
def make_schema() -> Callable[[], bytes]:
    fields = [
        {"name": "kode", "type": "string"},
        {"name": "value", "type": "integer"},
        {"name": "x0", "type": "number"},
    ]
    tables = {"fields": fields, "primaryKey": "kode"}
    return lambda: json.dumps({"resources": [{"path": "a.csv", "schema": tables}, {"path": "b.csv"}]}).encode()
