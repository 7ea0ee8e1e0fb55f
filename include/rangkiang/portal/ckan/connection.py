"""The connection to a CKAN: its actions, and what a failure means. Nothing is tried again here.

Whoever calls knows what to look at before trying again: after a time-out or a 500 the portal may have done it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import requests
from ckanapi import CKANAPIError, RemoteCKAN, ServerIncompatibleError  # type: ignore[import-untyped]
from urllib3.exceptions import HTTPError, InvalidHeader
from urllib3.util import Retry

from rangkiang.portal.errors import Away, Refused
from rangkiang.settings import Ckan

Record = dict[str, Any]
File = tuple[str, bytes, str]  # name, content, media type

_CONNECT = 10.0  # seconds
_CHUNK = 1 << 20
_BUSY = (429, 500, 502, 503, 504)
_NOT_NOW = ("Search Error", "Search Index Error", "Search Connection Error")  # its index is down, whatever the status
_AGENT = "rangkiang"


class Stale(Exception):
    """The dataset is not as it was when it was looked at."""


class _Missing(Exception):
    """There is no such thing."""


class Connection:
    """Actions of the CKAN at an address, signed with the token in the house's file, which is read each time."""

    def __init__(self, address: str, house: Ckan) -> None:
        self.address = address.rstrip("/")
        self._house = house
        self._remote = _Remote(self.address, user_agent=_AGENT, session=self._session(self._signed))
        self._public = self._session(lambda request: request)
        self._timeout = (min(_CONNECT, house.seconds), house.seconds)

    def call(self, action: str, files: Mapping[str, File] | None = None, **said: Any) -> Any:
        """Have an action done. With ``files`` the rest goes as fields of a form, where what is no text is JSON.

        Raises Away, Stale, Refused.
        """
        fields = {key: v if isinstance(v, str) else json.dumps(v) for key, v in said.items()} if files else said
        try:
            return self._ask(action, fields, files)
        except _Missing as error:
            raise Refused(f"The portal knows nothing of what {action} is about: {error}. Publish again.") from error

    def find(self, action: str, **said: Any) -> Any:
        """What an action shows; None where there is no such thing. Raises Away, Refused."""
        try:
            return self._ask(action, said, None)
        except _Missing:
            return None

    def download(self, path: str, public: bool = True) -> Iterator[bytes]:
        """A file in pieces, as anybody gets it or with our token; nothing where there is none. Raises Away, Refused."""
        session = self._public if public else self._remote.session
        try:
            with session.get(self.address + path, timeout=self._timeout, stream=True) as answer:
                if answer.status_code in (403, 404):
                    return
                if not answer.ok:
                    raise self._meaning(answer, "download")
                yield from answer.iter_content(_CHUNK)
        except (requests.RequestException, HTTPError) as error:
            raise Away(_plain(error)) from error

    def _ask(self, action: str, said: Mapping[str, Any], files: Mapping[str, File] | None) -> Any:
        options = {"timeout": self._timeout}
        try:
            return self._remote.call_action(action, dict(said), files=files, requests_kwargs=options)
        except requests.RequestException as error:
            raise Away(f"{action}: {_plain(error)}") from error
        except _Failed as failed:
            raise self._meaning(failed.answer, action) from failed
        except (CKANAPIError, ServerIncompatibleError) as error:
            raise Refused(f"What {self.address} answers to {action} is not a CKAN's answer. Check `portal`.") from error

    def _meaning(self, answer: requests.Response, action: str) -> Exception:
        """What an answer that is no success means."""
        status = answer.status_code
        error = _error(answer.text)
        kind, said = str(error.pop("__type", "")), _said(error) or f"HTTP {status}"
        if kind in _NOT_NOW or status in _BUSY:
            return Away(f"{action}: {said}", _asked_for(answer.headers))
        if kind == "Validation Error" and set(error) == {"match"}:
            return Stale(said)
        if kind == "Validation Error":
            return Refused(f"The portal refuses {action}: {said}.{_advice(error)}", error)
        if kind == "Not Found Error":
            return _Missing(said)
        if status in (401, 403):
            return Refused(
                f"The portal does not let us do {action}: {said}. Renew the token in {self._house.token_file}, or give "
                "its account the right to edit the offices' organisations; then publish again."
            )
        if status == 413:
            return Refused(
                f"Something on the way to the portal refuses requests as large as {action}. Raise its limit (nginx: "
                "client_max_body_size), or lower `megabytes` under [ckan]; then publish again."
            )
        if 300 <= status < 400:
            return Refused(f"{self.address} leads to {answer.headers.get('Location')}: give that as `portal`.")
        if status == 404:
            return Refused(f"There is no CKAN at {self.address}, or not this action of it: {action}. Check `portal`.")
        return Refused(f"The portal refuses {action}: {said}.")

    def _signed(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = _token(self._house.token_file)
        return request

    @staticmethod
    def _session(sign: Callable[[requests.PreparedRequest], requests.PreparedRequest]) -> requests.Session:
        session = requests.Session()
        session.auth = sign  # whatever a .netrc says
        return session


class _Failed(Exception):
    def __init__(self, answer: requests.Response) -> None:
        self.answer = answer


class _Remote(RemoteCKAN):  # type: ignore[misc]
    """ckanapi, but that it hands over a failed answer whole: it keeps neither the status nor what to wait for."""

    def _request_fn(self, url: str, data: Any, headers: Any, files: Any, requests_kwargs: Any) -> tuple[int, str]:
        answer = self.session.post(
            url, data=data, headers=headers, files=files, allow_redirects=False, **requests_kwargs
        )
        if answer.status_code != 200:
            raise _Failed(answer)
        return answer.status_code, answer.text


def _token(file: Path | None) -> str:
    if file is None:
        raise Refused("A CKAN needs a token: name the file that it stands in as `token_file` under [ckan].")
    try:
        token = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Refused(f"The CKAN token's file cannot be read: {error}. Check `token_file` under [ckan].") from error
    if not token or not token.isascii() or not token.isprintable():
        raise Refused(f"In {file} there is no CKAN token: write it there by itself, on one line.")
    return token


def _error(body: str) -> Record:
    try:
        found = json.loads(body)["error"]
    except (ValueError, KeyError, TypeError):
        return {}
    return dict(found) if isinstance(found, dict) else {"message": str(found)}


def _said(error: Mapping[str, Any]) -> str:
    """The fields that CKAN complains of, as a sentence has them."""
    return "; ".join(v if k == "message" else f"{k}: {_flat(v)}" for k, v in sorted(error.items()))[:500].rstrip(". ")


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_flat(v)}" for key, v in value.items())
    if isinstance(value, list):
        return ", ".join(_flat(one) for one in value if one)
    return str(value)


def _advice(error: Mapping[str, Any]) -> str:
    said = json.dumps(error)
    if "upload" in error or "too large" in said:
        return " Raise `ckan.max_resource_size` on the portal if the file is too large for it; then publish again."
    return " This will not mend itself: change it on the portal or in its settings, and publish again."


def _asked_for(headers: Mapping[str, str]) -> float | None:
    """Seconds, from Retry-After."""
    try:
        return Retry().parse_retry_after(headers["Retry-After"]) if "Retry-After" in headers else None
    except InvalidHeader:
        return None


def _plain(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error)[:200]}"
