"""Why a scan cannot be used."""

from __future__ import annotations


class Unusable(Exception):
    """``code`` is of the closed list of reasons, ``params`` what its sentence needs."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params
