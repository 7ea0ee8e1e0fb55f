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
