"""Two readers' guesses about the same numbers put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rangkiang.model import Guess, Shared, Status

if TYPE_CHECKING:
    import pandas as pd

UNTHOUGHT = 1e-3
"""What a reader leaves for a value that it has not thought of."""
LEFT = 1e-4
"""What two readers together leave for anything else: they may be wrong in the same way."""

Listed = Sequence[Sequence[Any]]
"""[text, value, probability] of each guess, as ``attrs['guesses']`` has them."""


def combined(figures: pd.DataFrame, second: Mapping[int, Sequence[Guess]]) -> pd.DataFrame:
    """The same frame, figures at these positions read by a second reader too."""
    first = {int(n): listed for n, listed in figures.attrs.get("guesses", ())}
    both = {n: _both(first.get(n, ()), more) for n, more in second.items()}
    made = figures.copy()
    made.attrs["guesses"] = Shared([n, both.get(n, listed)] for n, listed in first.items())
    flagged = made["status"] == Status.FLAGGED.value
    for n, listed in ((n, listed) for n, listed in both.items() if listed):
        text, value, p = listed[0]
        made.loc[made.index[n], ["raw", "confidence"]] = [text, p]
        made.loc[made.index[n], "value"] = value
        if not flagged.iat[n]:
            made.loc[made.index[n], "status"] = (Status.READ if value is not None else Status.BLANK).value
    return made


def _both(first: Listed, second: Sequence[Guess]) -> list[list[Any]]:
    """What both hold possible weighs most; readers are taken for independent but for ``LEFT``."""
    texts = {value: text for text, value, _ in [*([g.text, g.value, g.p] for g in second), *first][::-1]}
    one = {value: p for _, value, p in first}
    two = {g.value: g.p for g in second}
    weight = {v: max(one.get(v, 0.0), UNTHOUGHT) * max(two.get(v, 0.0), UNTHOUGHT) for v in texts}
    whole = sum(weight.values()) + UNTHOUGHT**2
    ranked = sorted(weight, key=lambda v: (-weight[v], -1 if v is None else v))
    return [[texts[v], v, weight[v] / whole * (1 - LEFT)] for v in ranked]
