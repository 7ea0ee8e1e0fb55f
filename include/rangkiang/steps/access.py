"""Who may do what with the object store, as policies that S3 servers understand: a key may do what its holder needs.

An office puts files into its own inbox and reads what it gets back; it sees nothing of another's. Of the program's own
parts none may delete an original, and only the nights' workers may write one. A server that keeps versions of objects
keeps an original that is overwritten, too: no policy here lets anybody delete a version.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from rangkiang import catalogue

Statement = dict[str, Any]

_GET, _PUT, _DELETE, _LIST = "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"
_DERIVED = ("readings/", "crops/", "pages/", "proofs/", "checks/")
_KEPT = ("filed/", "proposals/", "versions/", "released/")
_JOURNAL = "journal/"


@dataclass(frozen=True, slots=True)
class Role:
    """What one of the program's parts does with the store. It lists all of it: a server says that an object is absent
    only to who may list, and to anybody else that it is forbidden."""

    reads: tuple[str, ...]
    writes: tuple[str, ...] = ()
    deletes: tuple[str, ...] = ()
    versions: bool = False  # also those that were overwritten or deleted


ROLES = {
    "worker": Role(  # nights of offices: collect, read, arrange, file, give back
        reads=("inbox/", "originals/", "quarantine/", "returned/", _JOURNAL, *_DERIVED, *_KEPT),
        writes=("originals/", "quarantine/", "returned/", "filed/", "versions/", "released/", _JOURNAL, *_DERIVED),
        deletes=("returned/", "filed/"),
    ),
    "publisher": Role(  # stages: gather, reconcile, propose, publish, verify
        reads=("originals/", _JOURNAL, *_DERIVED, *_KEPT),
        writes=(_JOURNAL, *_KEPT),
        deletes=("filed/",),  # of the reconciliation's folder, when it is filed anew
    ),
    "pages": Role(  # the board and the review desk; what people decide there goes into the journal
        reads=("originals/", "quarantine/", "returned/", _JOURNAL, *_DERIVED, *_KEPT),
        writes=("pages/", "proposals/", _JOURNAL),
    ),
    "keeper": Role(reads=("",), versions=True),  # backups, and looking after things: it reads all and changes nothing
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the store is: a bucket, and what all keys in it begin with."""

    bucket: str
    base: str = ""

    @classmethod
    def of(cls, url: str) -> Place:
        """Raises ValueError where the store is no S3 bucket."""
        parts = urlsplit(url)
        if parts.scheme != "s3" or not parts.netloc:
            raise ValueError(f"'{url}' is no bucket, and only buckets have policies: write s3://bucket/prefix.")
        path = parts.path.strip("/")
        return cls(parts.netloc, f"{path}/" if path else "")

    def bucket_arn(self) -> str:
        return f"arn:aws:s3:::{self.bucket}"

    def objects(self, prefixes: Iterable[str]) -> list[str]:
        return [f"{self.bucket_arn()}/{self.base}{prefix}*" for prefix in prefixes]


def everybody() -> list[str]:
    """The offices' codes and the roles: all that a policy can be made for."""
    return [*(office.code for office in catalogue.offices()), *ROLES]


def account(who: str) -> str:
    """What the account of an office or a role is called on the server: the office's inbox, or the role."""
    return who if who in ROLES else catalogue.office(who).slug


def own_policy(place: Place, who: Iterable[str]) -> dict[str, Any]:
    """The policy to be attached to one account that is all of these: offices by their codes, roles by their names."""
    return _policy([statement for one in who for statement in _statements(place, one)])


def bucket_policy(place: Place, who: Iterable[str], principal: str) -> dict[str, Any]:
    """One policy for the bucket, where a server has no policies of accounts, or they are another's to write.

    ``principal`` is how the server calls an account, with ``{}`` for its name, as in 'arn:aws:iam:::user/{}'.
    """
    return _policy(
        [
            {**statement, "Principal": {"AWS": [principal.format(account(one))]}}
            for one in who
            for statement in _statements(place, one)
        ]
    )


def _policy(statements: list[Statement]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


def _statements(place: Place, who: str) -> list[Statement]:
    return _role(place, ROLES[who]) if who in ROLES else _office(place, catalogue.office(who).slug)


def _role(place: Place, role: Role) -> list[Statement]:
    older = role.versions
    found = [
        _allow([_LIST, *(["s3:ListBucketVersions"] if older else [])], [place.bucket_arn()]),
        _allow([_GET, *(["s3:GetObjectVersion"] if older else [])], place.objects(role.reads)),
        _allow([_PUT], place.objects(role.writes)),
        _allow([_DELETE], place.objects(role.deletes)),
    ]
    return [statement for statement in found if statement["Resource"]]


def _office(place: Place, slug: str) -> list[Statement]:
    inbox, back = f"inbox/{slug}/", (f"returned/{slug}/", f"quarantine/{slug}/")
    listed = [f"{place.base}{prefix}*" for prefix in (inbox, *back)]
    return [
        _allow([_GET, _PUT, _DELETE], place.objects([inbox])),  # a file that was a mistake is taken out again
        _allow([_GET], place.objects(back)),
        {**_allow([_LIST], [place.bucket_arn()]), "Condition": {"StringLike": {"s3:prefix": listed}}},
    ]


def _allow(actions: list[str], resources: list[str]) -> Statement:
    return {"Effect": "Allow", "Action": actions, "Resource": resources}
