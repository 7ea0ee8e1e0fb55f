"""A site's pages as a test asks about them: elements, links, places, text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

VOID = {"meta", "link", "img", "br", "hr", "input", "rect"}


class Page(HTMLParser):
    """One page. Raises AssertionError where elements do not nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.elements: list[tuple[str, Mapping[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.elements.append((tag, said))
        self.links += [value for name in ("href", "src", "action") if (value := said.get(name)) is not None]
        self.ids += [value for value in [said.get("id")] if value]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[Mapping[str, str | None]]:
        return [said for name, said in self.elements if name == tag]


def page(path: Path) -> Page:
    return Page(path.read_text("utf-8"))


def pages(root: Path) -> dict[Path, Page]:
    return {path: page(path) for path in sorted(root.rglob("*.html"))}


def dead_links(root: Path, found: Mapping[Path, Page]) -> Iterator[str]:
    """Links that lead to no file below the root, or to no place on a page, or away from the site."""
    for path, html in found.items():
        for link in html.links:
            parts = urlsplit(link)
            target = path if not parts.path else (path.parent / unquote(parts.path)).resolve()
            inside = not parts.scheme and not parts.netloc and target.is_relative_to(root)
            anchored = not parts.fragment or target not in found or parts.fragment in found[target].ids
            if not inside or not target.is_file() or not anchored:
                yield f"{link} on {path.relative_to(root)}"


def targets(found: Mapping[Path, Page]) -> set[Path]:
    """Every file that some page leads to."""
    links = [(path, urlsplit(link).path) for path, html in found.items() for link in html.links]
    return {(path.parent / unquote(link)).resolve() for path, link in links if link}


def weight(path: Path) -> int:
    """Bytes of a page with all that it loads to be shown."""
    html = page(path)
    loaded = {said["href"] for said in html.all("link") if said.get("rel") in ("stylesheet", "icon")}
    loaded |= {said["src"] for tag in ("img", "script") for said in html.all(tag)}
    return path.stat().st_size + sum((path.parent / unquote(str(link))).stat().st_size for link in loaded)
