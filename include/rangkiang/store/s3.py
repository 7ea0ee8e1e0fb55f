"""S3, of any vendor: conditional writes by If-None-Match and If-Match, which the server must honour (SERVICES.md)."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError
from botocore.exceptions import ConnectionError as NotReached

from rangkiang.store.keys import checked, checked_prefix
from rangkiang.store.protocol import BadKey, Changed, Entry

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

log = logging.getLogger(__name__)

_ABSENT = {"NoSuchKey", "404", "NotFound"}
_LOST = {"PreconditionFailed", "412"}
_RACED = {"ConditionalRequestConflict", "409"}
_BUSY = {"429", "RequestTimeout", "RequestTimeTooSkewed", "SlowDown", "TooManyRequests", "Throttling"}
"""Refusals that pass: too much at once, an upload that stalled, a clock that somebody will set right."""
_ATTEMPTS = 5


class S3Store:
    """Objects of one bucket under a prefix. Credentials and region come from the environment, as boto3 finds them."""

    def __init__(self, bucket: str, prefix: str = "", endpoint: str = "") -> None:
        self.bucket = bucket
        self.endpoint = endpoint
        self._base = f"{checked(prefix)}/" if prefix else ""

    @property
    def url(self) -> str:
        return f"s3://{self.bucket}/{self._base}".removesuffix("/")

    @property
    def _client(self) -> S3Client:
        return _client(self.endpoint, os.getpid())

    def list(self, prefix: str = "") -> Iterator[Entry]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=self._base + checked_prefix(prefix)
        )
        with _answered():
            for page in pages:
                for found in page.get("Contents", []):
                    key = found["Key"].removeprefix(self._base)
                    if _nameable(key):
                        yield Entry(key, found["Size"], found["ETag"].strip('"'), found["LastModified"])

    def stat(self, key: str) -> Entry | None:
        try:
            with _answered():
                head = self._client.head_object(**self._at(key))
        except ClientError as error:
            if _code(error) in _ABSENT:
                return None
            raise
        return Entry(key, head["ContentLength"], head["ETag"].strip('"'), head["LastModified"])

    def get(self, key: str) -> bytes:
        try:
            with _answered():
                return self._client.get_object(**self._at(key))["Body"].read()
        except ClientError as error:
            if _code(error) in _ABSENT:
                raise KeyError(key) from None
            raise

    def put_if_absent(self, key: str, data: bytes, media_type: str = "") -> bool:
        # A retry after an answer that got lost finds our own object and says False; the bytes are there all the same.
        return self._put_on_condition(key, data, {**_typed(media_type), "IfNoneMatch": "*"}) is not None

    def put_if_match(self, key: str, data: bytes, etag: str, media_type: str = "") -> Entry:
        quoted, bare = ({**_typed(media_type), "IfMatch": written} for written in (f'"{etag}"', etag))
        written = self._put_on_condition(key, data, quoted)
        if written is None and (now := self.stat(key)) and now.etag == etag:
            # Nothing has changed: Ceph 16, and services built on it, take the quotes for a part of the etag.
            written = self._put_on_condition(key, data, bare)
        if written is None:
            raise Changed(key)
        return written

    def put(self, key: str, data: bytes, media_type: str = "") -> Entry:
        return self._put(key, data, _typed(media_type))

    def delete(self, key: str) -> None:
        with _answered():
            self._client.delete_object(**self._at(key))

    def presign(self, key: str, seconds: int) -> str | None:
        return self._client.generate_presigned_url("get_object", Params=self._at(key), ExpiresIn=seconds)

    def local_path(self, key: str) -> Path | None:
        checked(key)
        return None

    def _at(self, key: str) -> dict[str, Any]:
        return {"Bucket": self.bucket, "Key": self._base + checked(key)}

    def _put(self, key: str, data: bytes, options: dict[str, Any]) -> Entry:
        with _answered():
            answer = self._client.put_object(**self._at(key), Body=data, **options)
        modified = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
        return Entry(key, len(data), answer["ETag"].strip('"'), modified)

    def _put_on_condition(self, key: str, data: bytes, options: dict[str, Any]) -> Entry | None:
        """None when the condition does not hold. A 409 says that another write is under way: then ask again."""
        for attempt in range(_ATTEMPTS):
            try:
                return self._put(key, data, options)
            except ClientError as error:
                if _code(error) in _LOST | _ABSENT:
                    return None
                if _code(error) not in _RACED or attempt == _ATTEMPTS - 1:
                    raise
        return None


@lru_cache(maxsize=8)
def _client(endpoint: str, pid: int) -> S3Client:
    """One client per process: a forked child must not share its parent's connections."""
    return boto3.session.Session().client(
        "s3",
        endpoint_url=endpoint or None,
        config=Config(
            retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
            connect_timeout=10,
            read_timeout=60,
            s3={"addressing_style": "path" if endpoint else "auto"},
            # Servers other than AWS mostly refuse the checksums that newer clients add to every request.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


@contextmanager
def _answered() -> Iterator[None]:
    """Raises ConnectionError, as for any service that is away, where the server cannot be reached or is in trouble."""
    try:
        yield
    except (NotReached, HTTPClientError, IncompleteReadError) as error:
        raise ConnectionError(str(error)) from error
    except ClientError as error:
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500 or _code(error) in _BUSY:
            raise ConnectionError(str(error)) from error
        raise


def _nameable(key: str) -> bool:
    """Whether a key of the bucket is one of ours: no folder marker of a console, and none that is refused."""
    if key.endswith("/") or not key:
        return False
    try:
        checked(key)
    except BadKey as error:
        log.warning("Not listed: %s", error)
        return False
    return True


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _typed(media_type: str) -> dict[str, Any]:
    return {"ContentType": media_type} if media_type else {}
