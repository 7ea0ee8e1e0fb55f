"""Numbers of which no form says what they are, read by two readers that learnt from different prints.

Neither is believed alone: how sure a reader may be was measured on prints like ours, and this may be any other, or a
hand. What one of them has not thought of it leaves to the other, as far as it is unsure itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from rangkiang.model import Guess

UNTHOUGHT = 1e-3
"""What a reader leaves at least for a number that it has not thought of."""
LEFT = 1e-4
"""What two readers together leave for anything else: they may be wrong in the same way."""
STRANGE = 0.02
"""Of what both leave for anything else, they mean the same number this often."""


def together(one: Sequence[Guess], two: Sequence[Guess]) -> tuple[Guess, ...]:
    """What both hold possible, the most probable first; none where they have no guess."""
    texts = {guess.value: guess.text for guess in (*two[::-1], *one[::-1])}
    first, second = _by_value(one), _by_value(two)
    weight = {v: max(first.get(v, 0.0), UNTHOUGHT) * max(second.get(v, 0.0), UNTHOUGHT) for v in texts}
    strange = STRANGE * _missing(first) * _missing(second) + UNTHOUGHT**2
    whole = (sum(weight.values()) + strange) / (1 - LEFT)
    ranked = sorted(weight, key=lambda v: (-weight[v], -1 if v is None else v))
    return tuple(Guess(texts[v], v, weight[v] / whole) for v in ranked)


def _by_value(guesses: Sequence[Guess]) -> dict[int | None, float]:
    return {guess.value: guess.p for guess in guesses}


def _missing(named: dict[int | None, float]) -> float:
    return max(0.0, 1.0 - sum(named.values()))
