"""One settings file, ``rangkiang.toml``, and the environment (``RANGKIANG_…``) over it.

What belongs to a house and goes where it goes, such as a notice that its data are samples, may stand in a file of that
name in its ``home``; the other two count before it.

The defaults run on one machine with no services: a directory as object storage, an embedded PostgreSQL as ledger,
a static site as portal, a file of JSON lines for lineage.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

_FILE = "rangkiang.toml"

OfficeCode = Annotated[str, StringConstraints(pattern=r"^\d\d(\.\d\d)?$")]
Address = Annotated[str, StringConstraints(pattern=r"^[!-~]+@[!-~]+$")]
"""An e-mail address. No more is asked than that it breaks no line of a mail's head; whose it is, the server knows."""


class Limits(BaseModel):
    """What one document may cost; what goes beyond is quarantined. See docs/hostile-input.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    megabytes: int = Field(default=100, ge=1, description="Size of a file; a larger one is not even fetched.")
    seconds: float = Field(default=60, gt=0, description="CPU time for one document, and on top of it …")
    seconds_per_page: float = Field(default=2, ge=0, description="… for each of its pages, once they are counted.")
    memory_mb: int = Field(default=1024, ge=64, description="What parsing may take above what the libraries take.")
    pages: int = Field(default=1000, ge=1, description="Of a PDF.")
    pixels: int = Field(default=200_000_000, ge=1, description="Of one image: an A0 poster at 300 dpi has 140 million.")
    objects: int = Field(default=200_000, ge=1, description="Lines, texts and images on one page of a PDF.")
    characters: int = Field(default=200_000, ge=1, description="On one page of a PDF.")

    @property
    def bytes(self) -> int:
        return self.megabytes * 1024 * 1024


class Decisions(BaseModel):
    """How people decide what arithmetic cannot settle."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    two_persons: bool = Field(default=True, description="A correction waits for another person than its author.")


class Approval(BaseModel):
    """Whether somebody has to say that a release may be made."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    required: bool = Field(default=True, description="Nothing is published that nobody has approved.")
    hours: float = Field(default=12, gt=0, description="How long a stage's run waits for the answer.")


class Release(BaseModel):
    """What goes before the public."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    differences: Literal["hold", "flag"] = Field(
        default="hold", description="Datasets of which levels differ wait for a decision, or are published flagged."
    )


class Retention(BaseModel):
    """How long is kept what can be made again. Everything else is kept for good."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    superseded_days: int = Field(
        default=30,
        ge=1,
        description="Readings, proofs, checks, pictures of figures that others took over from.",
    )
    pages_days: int = Field(default=30, ge=1, description="Pictures of pages, painted when somebody looks at one.")
    proposals_days: int = Field(default=90, ge=1, description="Proposed releases of which nobody has said a word.")


class Account(BaseModel):
    """What the account of that name is there for: see ``rangkiang.people``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Literal["viewer", "clerk", "reviewer", "coordinator", "engineer"] = "viewer"
    offices: tuple[str, ...] = Field(default=(), description="Codes of a clerk's own offices.")

    @model_validator(mode="after")
    def _own(self) -> Self:
        if bool(self.offices) != (self.role == "clerk"):
            raise ValueError("a clerk has offices, and nobody else has")
        return self


class Offices(BaseModel):
    """How offices are reached about what they handed in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    addresses: dict[OfficeCode, tuple[Address, ...]] = Field(
        default={}, description="E-mail addresses by office, e.g. '13.06'; an office without one gets no mail."
    )
    contact: str = Field(default="", description="To whom offices turn with questions; empty: the province's office.")


class Smtp(BaseModel):
    """The mail server that takes slips. Without a host nothing is mailed."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    host: str = Field(default="", description="Name of the server; empty: no mail.")
    port: int = Field(default=587, ge=1, le=65535)
    starttls: bool = Field(default=True, description="Go on in TLS, with a certificate that is checked.")
    user: str = ""
    password_file: Path | None = Field(default=None, description="Where the password stands, and nothing else.")
    sender: Address | Literal[""] = Field(default="", alias="from", description="The address that mails come from.")
    seconds: float = Field(default=30, gt=0, description="How long the server may take for an answer.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.host and not self.sender:
            raise ValueError("[smtp] needs 'from': the address that mails come from")
        if bool(self.user) != bool(self.password_file):
            raise ValueError("[smtp] needs 'user' and 'password_file' together, or neither")
        if self.user and not self.starttls:
            raise ValueError("[smtp] must not send a password in the clear: set starttls = true")
        return self


class Ckan(BaseModel):
    """How a CKAN is published to, where ``portal`` names one. See docs/portal.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token_file: Path | None = Field(default=None, description="Where the account's API token stands, and nothing else.")
    seconds: float = Field(default=60, gt=0, description="How long the portal may be silent before it counts as away.")
    tries: int = Field(default=5, ge=1, description="Of each step, where the portal is away or busy.")
    pause: float = Field(default=1, ge=0, description="Seconds before the second try; doubled before each further one.")
    give_up: int = Field(default=3, ge=1, description="Datasets that fail in a row before the rest are left for later.")
    megabytes: float = Field(
        default=32, gt=0, description="Files sent in one request, together; a larger one goes alone."
    )
    contact: str = Field(default="", description="Who answers the public's questions; empty: the province's office.")
    email: Address | Literal[""] = Field(default="", description="Their address, shown on the portal.")


class Settings(BaseSettings):
    """Where things are. URLs choose the implementation by their scheme."""

    model_config = SettingsConfigDict(env_prefix="RANGKIANG_", env_nested_delimiter="__", extra="forbid")

    home: Path = Field(default=Path("var"), description="Folder for everything made on this machine.")
    store: str = Field(default="", description="'file:///dir' or 's3://bucket/prefix'; empty: <home>/store.")
    s3_endpoint: str = Field(default="", description="Endpoint of an S3 server other than AWS.")
    ledger: str = Field(default="", description="'postgresql+psycopg://…'; empty: PostgreSQL under <home>/postgres.")
    portal: str = Field(default="", description="'file:///dir' or 'ckan+https://…'; empty: <home>/portal.")
    lineage: str = Field(default="", description="'file:///events.jsonl' or 'https://…'; empty: <home>/lineage.jsonl.")
    airflow_lineage: bool = Field(default=False, description="Airflow's own OpenLineage provider speaks too.")
    source: str = Field(default="", description="'https://…': this program's source at the version that runs.")
    notice: str = Field(default="", description="Said on every page and in every narrative: sample data, a trial, …")
    batch_seconds: float = Field(default=60, gt=0, description="Work of one reading task on one core, by estimate.")
    stragglers: int = Field(default=1, ge=0, description="How many offices a stage may go ahead without.")
    nightly: str = Field(default="0 1 * * *", description="Cron of the regencies' night, Asia/Jakarta.")
    workers: int = Field(default=0, ge=0, description="Files `rangkiang read` reads side by side; 0: one per core.")
    decisions: Decisions = Field(default=Decisions(), description="How people decide.")
    approval: Approval = Field(default=Approval(), description="How a release is approved.")
    release: Release = Field(default=Release(), description="What goes before the public.")
    retention: Retention = Field(default=Retention(), description="How long is kept what can be made again.")
    people: dict[str, Account] = Field(default={}, description="By the account's name; others may look.")
    secret: str = Field(
        default="", pattern="^(|.{32,})$", repr=False, description="Signs forms; empty: <home>/web.key."
    )
    limits: Limits = Field(default=Limits(), description="What one document may cost.")
    offices: Offices = Field(default=Offices(), description="How offices are reached.")
    smtp: Smtp = Field(default=Smtp(), description="The mail server.")
    ckan: Ckan = Field(default=Ckan(), description="How a CKAN is published to.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        own = TomlConfigSettingsSource(settings_cls, Path(os.environ.get("RANGKIANG_SETTINGS", _FILE)))
        said = {**own.toml_data, **env_settings(), **init_settings()}
        house = TomlConfigSettingsSource(settings_cls, Path(said.get("home", "var")) / _FILE)
        return init_settings, env_settings, own, house

    @property
    def store_url(self) -> str:
        return self.store or (self.home.resolve() / "store").as_uri()

    @property
    def portal_url(self) -> str:
        return self.portal or (self.home.resolve() / "portal").as_uri()

    @property
    def lineage_url(self) -> str:
        return self.lineage or (self.home.resolve() / "lineage.jsonl").as_uri()


@cache
def limits() -> Limits:
    """What one document may cost, for code that is handed no settings: parsers, in a worker or out of it."""
    return Settings().limits
