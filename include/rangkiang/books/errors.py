"""What opening a workbook raises."""

from __future__ import annotations


class Unusable(Exception):
    """A workbook that cannot be used: ``code`` of the closed list of reasons, ``params`` of its sentence."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


def broken(detail: str) -> Unusable:
    return Unusable("broken_file", detail=detail[:160])
