"""What CKAN needs of a Solr server, for tests: its documents in a folder, and the queries that CKAN asks of them.

    python search_index.py PORT FOLDER

Fields, their types and their copies are read from the ``schema.xml`` that comes with CKAN. A text field is its words in
small letters: no stems, no scores; where a free-text query names no field, every word must be found in one of ``qf``.
A query that this does not understand is an error, never an empty answer.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import ckan
from luqum.exceptions import ParseError
from luqum.parser import parser
from luqum.tree import (
    AndOperation,
    BoolOperation,
    Boost,
    FieldGroup,
    From,
    Group,
    Item,
    Not,
    OrOperation,
    Phrase,
    Plus,
    Prohibit,
    Range,
    SearchField,
    To,
    UnknownOperation,
    Word,
)
from lxml import etree

SCHEMA = (Path(ckan.__file__).parent / "config/solr/schema.xml").read_bytes()
Document = dict[str, Any]
Test = Callable[[Document], bool]
_WORD = re.compile(r"\w+")
_parsing = threading.Lock()  # luqum's parser holds a state of its own


class NotUnderstood(Exception):
    """A query of a kind that CKAN was not seen to ask."""


class Schema:
    """Which fields there are, how each is compared, and where it is copied to."""

    def __init__(self, xml: bytes) -> None:
        root = etree.fromstring(xml)
        self._types = [(field.get("name"), field.get("type")) for field in root.iter("field", "dynamicField")]
        self._hidden = [f.get("name") for f in root.iter("field", "dynamicField") if f.get("stored") == "false"]
        self._copies = [(copy.get("source"), copy.get("dest")) for copy in root.iter("copyField")]

    def kind(self, name: str) -> str:
        return next(kind for pattern, kind in self._types if fnmatchcase(name, pattern))

    def is_text(self, name: str) -> bool:
        return self.kind(name).startswith("text")

    def is_stored(self, name: str) -> bool:
        first = next(pattern for pattern, _ in self._types if fnmatchcase(name, pattern))
        return first not in self._hidden

    def values(self, document: Document, name: str) -> list[str]:
        """What a document holds in a field, what is copied into it among it."""
        found = _listed(document.get(name))
        for source, target in self._copies:
            if target == name and source != name:
                for other in [key for key in document if fnmatchcase(key, source)]:
                    found += _listed(document[other])
                if source == "urls":  # itself made of copies
                    found += self.values(document, source)
        return found


class Index:
    """The documents, each in a file of its own, so that a stopped server knows them when it is started again."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = threading.Lock()
        found = [json.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))]
        self._documents: dict[str, Document] = {document["index_id"]: document for document in found}

    def __iter__(self) -> Iterator[Document]:
        with self._lock:
            return iter(list(self._documents.values()))

    def add(self, document: Document) -> None:
        for name in [key for key, value in document.items() if value and SCHEMA_OF_CKAN.kind(key) == "date"]:
            document[name] = re.sub(r"(\.\d{3})\d+Z$", r"\1Z", document[name])  # Solr knows no microseconds
        with self._lock:
            path = self._folder / f"{document['index_id']}.json"
            half = path.with_suffix(".half")
            half.write_text(json.dumps(document))
            half.replace(path)
            self._documents[document["index_id"]] = document

    def delete(self, matches: Test) -> None:
        with self._lock:
            for key in [key for key, document in self._documents.items() if matches(document)]:
                (self._folder / f"{key}.json").unlink()
                del self._documents[key]


SCHEMA_OF_CKAN = Schema(SCHEMA)


def query(text: str, fields: list[str], schema: Schema = SCHEMA_OF_CKAN) -> Test:
    """The test that a query in Lucene's language puts to a document. Raises NotUnderstood."""
    if text.strip() == "*:*":
        return lambda _: True
    if text.lstrip().startswith("{!"):
        raise NotUnderstood(f"local parameters: {text}")
    with _parsing:
        tree = parser.parse(text)
    return _test(tree, fields, schema)


def _test(node: Item, fields: list[str], schema: Schema) -> Test:
    def all_of(items: list[Item]) -> Test:
        tests = [_test(item, fields, schema) for item in items]
        return lambda document: all(test(document) for test in tests)

    if isinstance(node, AndOperation | UnknownOperation | BoolOperation):  # q.op is AND
        return all_of(node.children)
    if isinstance(node, OrOperation):
        tests = [_test(item, fields, schema) for item in node.children]
        return lambda document: any(test(document) for test in tests)
    if isinstance(node, Not | Prohibit):
        inner = _test(node.children[0], fields, schema)
        return lambda document: not inner(document)
    if isinstance(node, Plus | Group | FieldGroup | Boost):
        return _test(node.children[0], fields, schema)
    if isinstance(node, SearchField):
        return _test(node.expr, [node.name], schema)
    if isinstance(node, Range | From | To):
        return _between(node, fields, schema)
    if isinstance(node, Word | Phrase):
        return _equals(node, fields, schema)
    raise NotUnderstood(f"{type(node).__name__} in a query")


def _equals(node: Word | Phrase, fields: list[str], schema: Schema) -> Test:
    wanted = re.sub(r"\\(.)", r"\1", node.value.removeprefix('"').removesuffix('"'))
    pattern = isinstance(node, Word) and ("*" in wanted or "?" in wanted)

    def one(document: Document, name: str) -> bool:
        values = schema.values(document, name)
        if pattern and schema.is_text(name):
            return any(fnmatchcase(word, wanted.lower()) for value in values for word in _words(value))
        if pattern:
            return any(fnmatchcase(value, wanted) for value in values)
        if not schema.is_text(name):
            return wanted in values
        words = _words(wanted)
        return any(_follow(words, _words(value)) for value in values)

    return lambda document: any(one(document, name) for name in fields)


def _between(node: Range | From | To, fields: list[str], schema: Schema) -> Test:
    """Text is compared as text, as ISO times can be. ``*`` is no bound."""
    low = node.low.value if isinstance(node, Range) else node.children[0].value if isinstance(node, From) else "*"
    high = node.high.value if isinstance(node, Range) else node.children[0].value if isinstance(node, To) else "*"
    low, high = low.strip('"'), high.strip('"')
    if "NOW" in low + high:
        raise NotUnderstood("arithmetic of dates")

    def within(value: str) -> bool:
        above = low == "*" or (value >= low if getattr(node, "include_low", node) else value > low)
        return above and (high == "*" or (value <= high if getattr(node, "include_high", node) else value < high))

    return lambda document: any(within(value) for name in fields for value in schema.values(document, name))


def _follow(words: list[str], text: list[str]) -> bool:
    return any(text[start : start + len(words)] == words for start in range(len(text) - len(words) + 1))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _listed(value: object) -> list[str]:
    if value is None:
        return []
    values = value if isinstance(value, list) else [value]
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in values if one is not None]


def select(index: Index, asked: dict[str, list[str]]) -> dict[str, Any]:
    """Solr's answer to a search."""

    def first(name: str, default: str) -> str:
        return asked.get(name, [default])[0]

    weighted = first("qf", first("df", "text")).split()
    fields = [name.partition("^")[0] for name in weighted]
    tests = [query(first("q", "*:*"), fields), *(query(text, ["text"]) for text in asked.get("fq", []))]
    found = [document for document in index if all(test(document) for test in tests)]
    for order in reversed(first("sort", "score desc").split(",")):
        name, _, direction = order.strip().partition(" ")
        if name != "score":  # none is better than another
            values = SCHEMA_OF_CKAN.values
            found.sort(key=lambda d, name=name: values(d, name), reverse=direction.strip() == "desc")
    start, rows = int(first("start", "0")), int(first("rows", "10"))
    shown = first("fl", "*").replace(",", " ").split()
    documents = [
        {k: v for k, v in d.items() if v is not None and SCHEMA_OF_CKAN.is_stored(k) and ("*" in shown or k in shown)}
        for d in found[start : start + rows]
    ]
    limit, least = int(first("facet.limit", "100")), int(first("facet.mincount", "0"))
    facets: dict[str, list[Any]] = {}
    for name in asked.get("facet.field", []):
        counts = Counter(value for d in found for value in set(_listed(d.get(name))))
        kept = sorted(((v, n) for v, n in counts.items() if n >= least), key=lambda pair: (-pair[1], pair[0]))
        facets[name] = [part for pair in (kept if limit < 0 else kept[:limit]) for part in pair]
    return {
        "responseHeader": {"status": 0, "QTime": 0},
        "response": {"numFound": len(found), "start": start, "docs": documents},
        "facet_counts": {"facet_fields": facets},
    }


def update(index: Index, kind: str, body: bytes) -> None:
    """Take documents (JSON) or deletions and commits (XML). What is taken is found at once."""
    if "json" in kind:
        for document in json.loads(body):
            index.add(document)
        return
    message = etree.fromstring(body)
    if message.tag == "delete":
        for part in message:
            if part.tag != "query":
                raise NotUnderstood(f"deletion by {part.tag}")
            index.delete(query(part.text or "", ["text"]))
    elif message.tag != "commit":
        raise NotUnderstood(f"update of the kind {message.tag}")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    index: Index

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def _answer(self, body: bytes) -> None:
        url = urlsplit(self.path)
        verb = url.path.rstrip("/").rpartition("/")[2]
        kind = self.headers.get("Content-Type", "")
        try:
            if verb == "schema":
                return self._send(200, SCHEMA, "application/xml")
            if verb == "update":
                update(self.index, kind, body)
                return self._send(200, b'{"responseHeader":{"status":0}}')
            if verb == "select":
                form = body.decode() if "form" in kind else ""
                return self._send(200, json.dumps(select(self.index, parse_qs(f"{url.query}&{form}"))).encode())
            return self._send(404, json.dumps({"error": {"msg": f"no {verb} here"}}).encode())
        except (NotUnderstood, ParseError, ValueError) as error:
            return self._send(400, json.dumps({"error": {"msg": f"{type(error).__name__}: {error}"}}).encode())

    def _send(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        if not args[1:] or args[1] != "200":
            super().log_message(format, *args)


if __name__ == "__main__":
    Handler.index = Index(Path(sys.argv[2]))
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
