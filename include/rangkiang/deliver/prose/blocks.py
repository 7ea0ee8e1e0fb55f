"""A narrative's parts, taken from its Markdown: what is put down as DOCX and as PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

CHART = "grafik"
_CHARTS = re.compile(rf"^```{CHART}\n.*?\n```\n+", re.MULTILINE | re.DOTALL)

Look = Literal["", "bold", "italic", "code"]


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text of one look."""

    text: str
    look: Look = ""
    link: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    runs: Runs


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: Runs
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list."""

    runs: Runs
    depth: int  # from 1


@dataclass(frozen=True, slots=True)
class Table:
    head: tuple[Runs, ...]
    lines: tuple[tuple[Runs, ...], ...]
    right: tuple[bool, ...]  # which columns stand to the right, as numbers do


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart, by its name."""

    name: str


Block = Heading | Paragraph | Item | Table | Picture


def blocks(markdown: str) -> Iterator[Block]:
    """The parts of a text that a template of this room made; they hold no other marks than those handled here."""
    tokens = _parser().parse(markdown)
    depth, quoted, at = 0, False, 0
    while at < len(tokens):
        token = tokens[at]
        match token.type:
            case "heading_open":
                yield Heading(int(token.tag[1:]), _runs(tokens[at + 1]))
            case "bullet_list_open" | "bullet_list_close":
                depth += token.nesting
            case "blockquote_open" | "blockquote_close":
                quoted = token.nesting > 0
            case "paragraph_open":
                runs = _runs(tokens[at + 1])
                yield Item(runs, depth) if depth else Paragraph(runs, quoted)
            case "fence" if token.info == CHART:
                yield Picture(token.content.strip())
            case "table_open":
                end = next(n for n in range(at, len(tokens)) if tokens[n].type == "table_close")
                yield _table(tokens[at:end])
                at = end
        at += 1


def chart(name: str) -> str:
    """The place of a chart in a text."""
    return f"```{CHART}\n{name}\n```"


def without_charts(markdown: str) -> str:
    """The text for readers of Markdown; a chart shows nothing that does not stand beside it."""
    return _CHARTS.sub("", markdown)


def plain(runs: Sequence[Run]) -> str:
    return "".join(run.text for run in runs)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _table(tokens: Sequence[Token]) -> Table:
    lines: list[list[Runs]] = []
    right: list[bool] = []
    for n, token in enumerate(tokens):
        if token.type == "tr_open":
            lines.append([])
        elif token.type in ("th_open", "td_open"):
            lines[-1].append(_runs(tokens[n + 1]))
            if token.type == "th_open":
                right.append("right" in str(token.attrs.get("style", "")))
    return Table(tuple(lines[0]), tuple(map(tuple, lines[1:])), tuple(right))


def _runs(inline: Token) -> Runs:
    found: list[Run] = []
    look: Look = ""
    link = ""
    for token in inline.children or ():
        match token.type:
            case "text" | "text_special":
                found.append(Run(token.content, look, link))
            case "softbreak" | "hardbreak":
                found.append(Run(" ", look, link))
            case "code_inline":
                found.append(Run(token.content, "code", link))
            case "em_open":
                look = "italic"
            case "strong_open":
                look = "bold"
            case "em_close" | "strong_close":
                look = ""
            case "link_open":
                link = str(token.attrs.get("href", ""))
            case "link_close":
                link = ""
    return tuple(found)
