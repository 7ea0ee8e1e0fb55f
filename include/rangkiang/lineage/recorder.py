"""Records steps: ``with lineage.step("read.13.05", key) as step: step.input(…); step.output(…)``."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from openlineage.client.event_v2 import InputDataset, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import RunFacet
from openlineage.client.transport import Transport

from rangkiang.lineage import events
from rangkiang.lineage.about import NOTHING, About, input_dataset, output_dataset
from rangkiang.lineage.events import Parent
from rangkiang.lineage.naming import dataset_name
from rangkiang.lineage.transport import open_transport
from rangkiang.model import Approval
from rangkiang.telemetry import logs

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Step:
    """What a step has read and written so far. A dataset named twice counts once, as it was named last."""

    store: str
    facets: dict[str, RunFacet] = field(default_factory=dict)
    inputs: dict[tuple[str, str], InputDataset] = field(default_factory=dict)
    outputs: dict[tuple[str, str], OutputDataset] = field(default_factory=dict)

    def name(self, key: str, namespace: str = "") -> tuple[str, str]:
        """Namespace and name of what is under a key. ``namespace`` is the URL of the place that the key is in; the
        store's where it is left out."""
        return dataset_name(namespace or self.store, key)

    def input(self, key: str, about: About = NOTHING, namespace: str = "") -> None:
        """Something the step read."""
        name = self.name(key, namespace)
        self.inputs[name] = input_dataset(*name, about)

    def approved(self, said: Approval) -> None:
        """Who said that the step may be taken."""
        self.facets["tags"] = events.approval(said)

    def output(self, key: str, about: About = NOTHING, namespace: str = "") -> None:
        """Something the step wrote, or took away."""
        name = self.name(key, namespace)
        self.outputs[name] = output_dataset(*name, about)


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where events go and under which namespace jobs are known. ``parent`` and ``nominal`` hold for every step that
    does not say otherwise."""

    transport: Transport
    namespace: str
    store: str
    parent: Parent | None = None
    nominal: datetime | None = None
    source: str = ""  # where this program's source is to be seen

    @contextmanager
    def step(
        self, job: str, run_key: str, nominal: datetime | None = None, parent: Parent | None = None
    ) -> Iterator[Step]:
        """START now; COMPLETE at the end, FAIL where it raises, ABORT where it is stopped. Errors pass through.

        ``run_key`` names the run and the try; the run's id is made from the job and it.
        """
        what = events.job(self.namespace, job, self.source)
        identity = events.run_id(self.namespace, job, run_key)
        run = events.run(identity, nominal or self.nominal, parent or self.parent)
        step = Step(self.store)

        def end(state: RunState, known: Run) -> None:
            known = events.with_facets(known, step.facets)
            self._emit(events.event(state, known, what, list(step.inputs.values()), list(step.outputs.values())))

        self._emit(events.event(RunState.START, run, what))
        try:
            with logs.about(step=job, run=run_key):
                yield step
        except Exception as error:
            end(RunState.FAIL, events.failed(run, error))
            raise
        except BaseException as stopped:
            end(RunState.ABORT, events.failed(run, stopped))
            raise
        end(RunState.COMPLETE, run)

    def _emit(self, event: RunEvent) -> None:
        """Lineage tells of the work; it must not stop it."""
        try:
            self.transport.emit(event)
        except OSError as error:  # a full disk, a server that is away (requests' errors are OSErrors)
            log.warning("The lineage event of %s was not kept: %s", event.job.name, error)


def open_lineage(
    url: str,
    namespace: str,
    store: str = "",
    parent: Parent | None = None,
    nominal: datetime | None = None,
    source: str = "",
) -> Lineage:
    """Lineage that goes to ``url`` (see ``open_transport``). ``store`` is the URL that keys stand in; without it keys
    are named under the job namespace. Raises ValueError for a URL that is neither file nor http."""
    return Lineage(open_transport(url), namespace, store or namespace, parent, nominal, source)
