"""What a step has found that coordinators are to be told of: each once a night, however often it is found."""

from __future__ import annotations

from collections.abc import Sequence

from rangkiang import alerts
from rangkiang.alerts import Alert
from rangkiang.steps.approving import propose
from rangkiang.steps.barn import Barn
from rangkiang.steps.examining import Ailment


def tell_waiting(barn: Barn, stage: str, pages: str = "") -> None:
    """The stage's next release waits for a word. ``pages`` is the address of the proposals' pages."""
    proposed = propose(barn, stage)
    params = {"datasets": str(len(proposed.datasets)), "link": pages and pages + proposed.digest}
    alerts.tell(barn.settings, Alert("release_waits", stage, params))


def tell_ailments(barn: Barn, found: Sequence[Ailment], link: str = "") -> None:
    """A promise does not hold."""
    if found:
        codes = ", ".join(sorted({one.code for one in found}))
        alerts.tell(barn.settings, Alert("ailments", "house", {"count": str(len(found)), "codes": codes, "link": link}))
