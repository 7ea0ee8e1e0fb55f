"""A dataset's narrative as HTML. It is text from outside the site: no HTML of its own, no link that leads nowhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache
from urllib.parse import quote, unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup


def render(markdown: str, files: Collection[str], title: str = "", folder: str = "") -> Markup:
    """HTML of a narrative, without a first heading that only repeats the title.

    Relative links are meant from the ``folder`` of the dataset's files, as the page sees it; those to no file of it
    become text.
    """
    parser = _parser()
    tokens = parser.parse(markdown)
    lower = 1  # the page has a first heading of its own
    if [t.type for t in tokens[:1]] == ["heading_open"] and _plain(tokens[1]) == title:
        tokens, lower = tokens[3:], 0
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, max(2, int(token.tag[1:]) + lower))}"
        if token.children:
            token.children = list(_mended(token.children, files, folder))
    # markdown-it escapes all text and was told to know no HTML; what it renders is safe to include.
    return Markup(parser.renderer.render(tokens, parser.options, {}))  # noqa: S704


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _plain(inline: Token) -> str:
    return "".join(token.content for token in inline.children or ())


def _mended(tokens: list[Token], files: Collection[str], folder: str) -> Iterator[Token]:
    dropped: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            target = _target(str(token.attrs.get("href", "")), files, folder)
            dropped.append(target is None)
            token.attrs["href"] = target or ""
        if token.type == "image":
            yield from _picture(token, files, folder)
        elif not (token.type in ("link_open", "link_close") and dropped[-1]):
            yield token
        if token.type == "link_close":
            dropped.pop()


def _picture(token: Token, files: Collection[str], folder: str) -> Iterator[Token]:
    """A picture of the dataset's own; of any other only its description, so that no page asks a stranger's server."""
    target = _target(str(token.attrs.get("src", "")), files, folder)
    if target is None or urlsplit(target).scheme:
        yield Token("text", "", 0, content=token.content)
    else:
        token.attrs["src"] = target
        yield token


def _target(href: str, files: Collection[str], folder: str) -> str | None:
    parts = urlsplit(href)
    if parts.scheme in ("http", "https", "mailto"):
        return href
    path = unquote(parts.path).removeprefix("./")
    return folder + quote(path) if path in files and not parts.scheme and not parts.netloc else None
