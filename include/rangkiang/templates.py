"""How pages of HTML are made of templates: everything in them is escaped, and nothing may be missing. And Markdown."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from rangkiang import harmless


def environment(package: str, folder: str) -> Environment:
    """For the templates of pages in a package's folder."""
    return _environment(package, folder, autoescape=True, keep_trailing_newline=True)


def markdown(package: str, template: str, **context: object) -> str:
    """A template of a package as Markdown, without stray empty lines; text of others is to go through ``aman``."""
    text = _of_markdown(package).get_template(template).render(context)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


@cache
def _of_markdown(package: str) -> Environment:
    made = _environment(package, "templates", autoescape=False, keep_trailing_newline=False)
    made.filters["aman"] = harmless.markdown
    return made


def _environment(package: str, folder: str, *, autoescape: bool, keep_trailing_newline: bool) -> Environment:
    return Environment(
        loader=PackageLoader(package, folder),
        autoescape=autoescape,  # noqa: S701 - of Markdown nothing is, that is what `aman` is for
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=keep_trailing_newline,
    )
