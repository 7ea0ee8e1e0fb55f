"""Data Docs of a whole run: Great Expectations' own rendering of every kept result, as a site that needs no network.

Great Expectations' page template loads scripts, styles and its logo from eight hosts and numbers its elements at
random; its site builder adds the time of the run. Here its renderer and its templates for the sections stand inside a
page of ours, so that the site opens from a disk and the same results give the same bytes.
"""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from great_expectations.core.expectation_validation_result import (
    ExpectationSuiteValidationResult,
    ExpectationValidationResult,
)
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
from great_expectations.render.view.view import DefaultJinjaPageView
from jinja2 import ChoiceLoader, PackageLoader, pass_context
from jinja2.runtime import Context

DOCS = "docs-1"
"""Which make the pages are of: those of another are made anew."""

_NOT_RAISED = {"raised_exception": False, "exception_message": None, "exception_traceback": None}
_WEIGHTS = {"critical": "Kritis", "warning": "Peringatan", "info": "Catatan"}
"""Severities, heaviest first, as a reader calls them."""


@dataclass(frozen=True, slots=True)
class _Failure:
    name: str
    severity: str
    detail: str


@dataclass(frozen=True, slots=True)
class _Page:
    """What the index says about one document."""

    name: str
    href: str
    suite: str
    asked: int
    failures: tuple[_Failure, ...]  # heaviest first

    @property
    def counts(self) -> Mapping[str, int]:
        return {weight: sum(f.severity == weight for f in self.failures) for weight in _WEIGHTS}


class _View(DefaultJinjaPageView):
    """Great Expectations' view with our page around its sections and with element ids that are the same every time."""

    def __init__(self) -> None:
        super().__init__()
        ours = PackageLoader("rangkiang.checks", "templates")
        self.env.globals["spoken"] = _WEIGHTS
        self.env.loader = ChoiceLoader([ours, *([self.env.loader] if self.env.loader else [])])
        self.env.filters["generate_html_element_uuid"] = self._numbered

    @pass_context  # who is handed the context is asked on every page, and not once, when a template is compiled
    def _numbered(self, _: Context, prefix: str = "") -> str:
        return f"{prefix or ''}{next(self._numbers)}"

    def page(self, result: Mapping[str, Any], about: _Page) -> str:
        """The page of one document."""
        self._numbers = count(1)
        document = ValidationResultsPageRenderer().render(_hydrated(result))
        _, *document.sections = document.sections  # the overview links to pages of other builders and to a run's times
        return str(self.render(document, about=about))  # type: ignore[no-untyped-call]

    def index(self, pages: Sequence[_Page]) -> str:
        return str(self.env.get_template("index.j2").render(pages=pages))


@cache
def _view() -> _View:
    """One for all sites: its templates take longer to compile than a page to fill."""
    return _View()


def build_docs(results: Mapping[str, dict[str, Any]], folder: Path) -> Path:
    """Write the site of these kept results into ``folder``. Returns its index page.

    ``results`` is by the name a reader knows the document by, such as '13.05/DB1.pdf'. A page that an earlier run has
    made of the same result stays; one whose result is no longer among them is removed.
    """
    view = _view()
    pages = []
    site = folder / "validations"
    site.mkdir(parents=True, exist_ok=True)
    for name in sorted(results):
        about = _about(name, results[name])
        if not (folder / about.href).exists():
            half = site / f"half-{os.getpid()}"
            half.write_text(view.page(results[name], about), encoding="utf-8")
            half.replace(folder / about.href)
        pages.append(about)
    for old in set(site.glob("*.html")) - {folder / p.href for p in pages}:
        old.unlink(missing_ok=True)  # another run may have been quicker
    index = folder / "index.html"
    index.write_text(view.index(pages), encoding="utf-8")
    return index


def _about(name: str, result: Mapping[str, Any]) -> _Page:
    failures = sorted(_failures(result), key=lambda f: list(_WEIGHTS).index(f.severity))
    readable = re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-.")[:80]
    made_of = json.dumps([DOCS, name, result], sort_keys=True)
    href = f"validations/{readable}-{hashlib.sha256(made_of.encode()).hexdigest()[:16]}.html"
    return _Page(name, href, str(result["suite_name"]), len(result["results"]), tuple(failures))


def _failures(result: Mapping[str, Any]) -> Iterator[_Failure]:
    for one in result["results"]:
        if not one["success"]:
            config = one["expectation_config"]
            yield _Failure(config["meta"]["name"], config["severity"], one["meta"]["detail"])


def _hydrated(result: Mapping[str, Any]) -> ExpectationSuiteValidationResult:
    """The kept result as Great Expectations' object again."""
    results = [
        ExpectationValidationResult(
            success=one["success"],
            expectation_config=ExpectationConfiguration(**one["expectation_config"]),
            result=_escaped(one["result"]),
            exception_info=dict(_NOT_RAISED),
        )
        for one in result["results"]
    ]
    return ExpectationSuiteValidationResult(
        success=result["success"],
        results=results,
        suite_name=result["suite_name"],
        statistics=dict(result["statistics"]),
        meta=dict(result["meta"]),
    )


def _escaped(value: Any) -> Any:
    """Text off a document may hold markup, and Great Expectations' table template prints it as it is."""
    if isinstance(value, str):
        return html.escape(value)
    if isinstance(value, Mapping):
        return {key: _escaped(item) for key, item in value.items()}
    return [_escaped(item) for item in value] if isinstance(value, list) else value
