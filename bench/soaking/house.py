"""A house of the soak: a ledger with a clock that can be set, a mail server, and a night as the DAGs run it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from bench.soaking.town import Change
from rangkiang import steps
from rangkiang.ledger.embedded import Server, database_url
from rangkiang.model import Ruling
from rangkiang.settings import Offices, Settings
from rangkiang.steps import Barn
from rangkiang.steps.approving import may_publish
from tests.helpers.letterbox import Letterbox

STAGES = ("PL.01.7", "PL.01.8")
FIRST_NIGHT = datetime(2019, 4, 17, 20, tzinfo=UTC)  # three in the morning in western Indonesia
HIDDEN_CLOCK = """
    CREATE SCHEMA clock;
    CREATE TABLE clock.set (ahead interval NOT NULL);
    INSERT INTO clock.set VALUES ('0');
    CREATE FUNCTION clock.now() RETURNS timestamptz STABLE LANGUAGE sql
        AS 'SELECT pg_catalog.now() + ahead FROM clock.set';
"""
"""What the ledger calls now() is found here before PostgreSQL's own, since the schema comes first in the path."""

Ruler = Callable[[str], Ruling | None]  # of a stage
Try = Callable[[Callable[[], object]], object]


@dataclass(frozen=True)
class House:
    """Everything of one house but the open doors."""

    settings: Settings
    letters: Letterbox

    @contextmanager
    def opened(self) -> Iterator[Barn]:
        with steps.open_barn(self.settings) as barn:
            yield barn

    def set_clock(self, at: datetime) -> None:
        url = self.settings.ledger.replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(url) as connection:
            connection.execute("UPDATE clock.set SET ahead = %s::timestamptz - pg_catalog.now()", [at])

    def receive(self, changes: Sequence[Change]) -> None:
        with self.opened() as barn:
            for key, data in changes:
                if data is None:
                    barn.store.delete(key)
                else:
                    barn.store.put(key, data)


def built(home: Path, server: Server, name: str, letters: Letterbox, offices: Iterable[str], store: str = "") -> House:
    """An empty house, its clock at the first night."""
    url = database_url(server, name)
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
        connection.execute(HIDDEN_CLOCK)
    house = House(
        Settings(
            home=home,
            store=store and f"{store}/{name}",
            ledger=f"{url}&options=-csearch_path%3Dclock,public,pg_catalog",
            smtp=letters.settings(),
            offices=Offices(addresses={office: (f"{office}@kpu.example",) for office in offices}),
        ),
        letters,
    )
    house.set_clock(FIRST_NIGHT)
    return house


def when(night: int) -> datetime:
    return FIRST_NIGHT + timedelta(days=night)


def at_once(step: Callable[[], object]) -> object:
    return step()


def whole_night(barn: Barn, offices: Iterable[str], rules: Ruler, tried: Try = at_once) -> None:
    """Every office's DAG, then every stage's, as at the deadline; each step as ``tried`` has it."""
    for office in offices:
        office_night(barn, office, tried)
    for stage in STAGES:
        stage_night(barn, stage, rules, tried)


def office_night(barn: Barn, office: str, tried: Try = at_once) -> None:
    batches: list[list[str]] = []

    def collect() -> None:
        batches[:] = steps.collect(barn, office)

    tried(collect)
    for batch in batches:
        tried(lambda: steps.read(barn, office, batch))  # noqa: B023 - it is called at once
        tried(lambda: steps.arrange(barn, office, batch))  # noqa: B023
    tried(lambda: steps.file(barn, office))
    tried(lambda: steps.give_back(barn, office))


def stage_night(barn: Barn, stage: str, rules: Ruler, tried: Try = at_once) -> None:
    gathered: list[str] = []

    def gather() -> None:
        gathered[:] = steps.gather(barn, stage)

    tried(gather)
    if not gathered:
        return
    tried(lambda: steps.reconcile(barn, stage))
    tried(lambda: _propose(barn, stage, rules))
    tried(lambda: _publish(barn, stage))


def _propose(barn: Barn, stage: str, rules: Ruler) -> None:
    proposal = steps.propose(barn, stage)
    if proposal.datasets:
        steps.hear(barn, proposal.digest, rules(stage), "ketua", "begitulah")


def _publish(barn: Barn, stage: str) -> None:
    if may_publish(barn, stage):
        steps.publish(barn, stage)
        steps.verify(barn, stage)
