"""What somebody saw when they decided, in short: two people at once must not decide over each other's heads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict

from rangkiang.model import Decision, Finding, Opinion


def seen(finding: Finding, decisions: Iterable[Decision], opinions: Iterable[Opinion]) -> str:
    """Names a finding as it stands, with all that was said about it. Given more, it leaves the rest aside."""
    about = sorted(d.id for d in decisions if d.finding == finding.id)
    said = sorted(o.id for o in opinions if o.decision in about)
    stands = [finding.id, finding.severity, finding.params, [asdict(cell) for cell in finding.cells]]
    return hashlib.sha256(json.dumps([stands, about, said], sort_keys=True).encode()).hexdigest()[:16]
