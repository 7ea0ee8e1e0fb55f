"""Lines of the log that say which document they are about, whoever writes them: our own code, or a library in it.

``about`` binds structlog's context variables, which Airflow's task logs carry as well. Fields are ids and codes:
``office``, ``document`` (the beginning of its SHA-256), ``form``, ``step``, ``run``; never a person, never what a file
holds.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import TextIO

import structlog
from structlog.typing import Processor

_FIELDS = ("office", "document", "form", "step", "run")
_SHORT = 12
_written = ""
_handler: logging.Handler | None = None


def about(**fields: str) -> AbstractContextManager[None]:
    """Every line within says these too."""
    return structlog.contextvars.bound_contextvars(**fields)


def about_document(office: str, sha256: str, form: str = "") -> AbstractContextManager[None]:
    """Every line within says which document it is about."""
    return about(office=office, document=sha256[:_SHORT], **({"form": form} if form else {}))


def told() -> Mapping[str, str]:
    """What lines say here: our own fields, and nothing that an orchestrator has bound beside them."""
    bound = structlog.contextvars.get_contextvars()
    return {name: str(bound[name]) for name in _FIELDS if name in bound}


def written() -> str:
    """The form in which this process writes its log; '' where that is not ours to say, as in a task of Airflow."""
    return _written


def configure(form: str, stream: TextIO | None = None) -> None:
    """Write the log to standard error, as ``json``, an object a line, or as ``text`` for people."""
    global _written, _handler
    out = stream or sys.stderr
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper("iso", utc=True, key="time"),
    ]
    root = logging.getLogger()
    if _handler:
        root.removeHandler(_handler)
    _written, _handler = form, logging.StreamHandler(stream) if stream else _Stderr()
    _handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_ending(form, out)],
        )
    )
    root.addHandler(_handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("rangkiang").setLevel(logging.INFO)


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to what is standard error by then."""

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, _: TextIO) -> None:
        """It is what it is."""


def _ending(form: str, out: TextIO) -> list[Processor]:
    if form == "json":
        return [
            structlog.processors.format_exc_info,
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=True),
        ]
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=out.isatty(), exception_formatter=plain, timestamp_key="time")]
