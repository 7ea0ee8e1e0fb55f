"""Errors that end a step, each with a sentence that says what to do. Refused files are no errors: see reasons.yaml."""

from __future__ import annotations


class RangkiangError(Exception):
    """Base of what a step raises on purpose. Trying again does not help."""


class UnknownOffice(RangkiangError):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is no office {code!r} in the catalogue; `rangkiang catalogue offices` lists them.")


class UnknownStage(RangkiangError):
    def __init__(self, code: str) -> None:
        super().__init__(
            f"There is no kode tahapan {code!r} in the catalogue; `rangkiang catalogue stages` lists them."
        )


class BatchFailed(RangkiangError):
    """Some documents of a batch failed for a reason nobody foresaw; the others were done."""

    def __init__(self, failures: dict[str, Exception]) -> None:
        self.failures = failures
        lines = "; ".join(f"{sha[:12]}: {type(e).__name__}: {e}" for sha, e in sorted(failures.items()))
        super().__init__(f"{len(failures)} documents of this batch failed, the others are done. {lines}")


class VerificationFailed(RangkiangError):
    """The portal does not hold what was published."""

    def __init__(self, stage: str, problems: list[str]) -> None:
        super().__init__(
            f"The portal differs from the release of {stage}; publish it again. {'; '.join(problems[:10])}"
        )


class UnknownFinding(RangkiangError):
    def __init__(self, finding: str) -> None:
        super().__init__(f"There is no finding {finding!r}; `rangkiang findings` lists them.")


class UnknownDecision(RangkiangError):
    def __init__(self, decision: str) -> None:
        super().__init__(f"There is no decision {decision!r}; `rangkiang decisions list` lists them.")


class DecisionRefused(RangkiangError):
    """Somebody decided what cannot be decided so, or has no say in it."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"Nothing was recorded: {why}.")


class UnknownProposal(RangkiangError):
    def __init__(self, digest: str) -> None:
        super().__init__(f"There is no one proposal {digest!r}; `rangkiang approvals` lists what waits.")


class NotApproved(RangkiangError):
    """What is filed would change what the public sees, and nobody who may has approved that."""

    def __init__(self, stage: str, digest: str) -> None:
        self.stage, self.digest = stage, digest
        super().__init__(
            f"Nothing of {stage} was published: the proposal {digest[:12]} is not approved. `rangkiang approval show "
            f"{digest[:12]}` shows what would change, `rangkiang approve` and `rangkiang return` say yes or no."
        )


class ProposalOutdated(RangkiangError):
    """Somebody spoke of a proposal that is not, or no longer, what would be published."""

    def __init__(self, digest: str) -> None:
        super().__init__(
            f"Nothing was recorded: {digest[:12]} is not what would be published now. Run the stage again, and look at "
            "what `rangkiang approvals` then lists."
        )


class NotEntitled(RangkiangError):
    """The account may not do this."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"Nothing was recorded: {name} may not {what}. The settings say under `people` who may.")


class Overtaken(DecisionRefused):
    """What somebody decided upon has changed since they looked at it."""

    def __init__(self) -> None:
        super().__init__("this has changed since it was looked at: look again and decide anew")


class DecisionsUnreadable(RangkiangError):
    """A file of decisions is not as it was exported; nothing of it was taken."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Nothing was imported: {why}. Export the decisions anew and import that file as it is.")


class LedgerLost(RangkiangError):
    """The ledger knows nothing, and the store holds the journal of one that did."""

    def __init__(self) -> None:
        super().__init__(
            "The ledger is empty or half made, and the store holds the journal of a house: `rangkiang rebuild` makes "
            "the ledger again. If it is another house's store, set another one."
        )


class LedgerNotEmpty(RangkiangError):
    """A ledger that holds something was to be made again."""

    def __init__(self) -> None:
        super().__init__("The ledger is not empty: `rangkiang rebuild --replace` makes it again all the same.")


class JournalBehind(RangkiangError):
    """The journal lacks what the ledger would lose."""

    def __init__(self, lacking: int) -> None:
        super().__init__(
            f"Nothing was changed: the journal lacks {lacking} things that only the ledger knows. `rangkiang journal` "
            "writes them; then rebuild."
        )


class JournalContradicts(RangkiangError):
    """The journal has something else under the same name."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"Nothing was recorded: '{key}' says something else. `rangkiang journal` completes the ledger."
        )


class NoSpace(OSError):
    """A disk is full. No RangkiangError: once there is room, trying again helps."""

    def __init__(self, code: int, where: str) -> None:
        super().__init__(
            code,
            f"The disk is full ({where}). Free some space or enlarge it, then run this again: nothing that was kept is "
            "lost, and the run goes on where this one stopped",
        )


class Unwell(RangkiangError):
    """Something that is promised does not hold."""

    def __init__(self, ailments: int) -> None:
        super().__init__(f"{ailments} promises do not hold: `rangkiang doctor` lists them, and what to do about each.")
