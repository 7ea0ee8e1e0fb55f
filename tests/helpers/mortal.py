"""A process that is killed between two calls, as far as a test can tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class Killed(BaseException):
    """Ends the process as a kill would: nothing may catch it."""


class Mortal:
    """Something whose calls of some of its methods each take one of its ``lives``, and which dies when none is left.

    Several things may share their lives. Where there is a ``prefix``, only calls about keys that begin with it count.
    """

    def __init__(self, thing: object, methods: tuple[str, ...], lives: Iterator[int], prefix: str = "") -> None:
        self._thing, self._methods, self._lives, self._prefix = thing, methods, lives, prefix

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._thing, name)
        return self._counted(method) if name in self._methods else method

    def _counted(self, method: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            counts = not self._prefix or arguments[0].startswith(self._prefix)
            if counts and next(self._lives, None) is None:
                raise Killed
            return method(*arguments, **options)

        return call
