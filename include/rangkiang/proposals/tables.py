"""Two tables of one dataset beside each other, line by line: which figures differ."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

_KEYS = (
    "kode_kemendagri", "dapil", "form", "column_kind", "row",
    "level", "place_code", "place", "upper_form", "lower_form",  # of a comparison of levels
)  # fmt: skip
_NTH = "__nth"


def places(table: pd.DataFrame) -> list[str]:
    """Columns that name the unit whose figures a line has: between its code and its row, codes left out."""
    names = list(table.columns)
    if "unit_code" not in names:
        return []
    return [
        n for n in names[names.index("unit_code") + 1 : names.index("row")] if not n.endswith(("_code", "_code_bps"))
    ]


def differing(was: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """The lines whose figure or status differs: those with another figure first, each in the order of ``now``.

    Columns: the keys; ``was``, ``now``, ``was_status``, ``now_status`` as text, '' for none; ``label`` of the row; of a
    comparison of levels the decisions that explain it, ``was_decision`` and ``now_decision``.
    """
    there = [n for n in (*_KEYS, *places(now)) if n in was.columns and n in now.columns]
    both = _plain(was, there).merge(_plain(now, there), on=[*there, _NTH], how="outer", suffixes=("_was", "_now"))
    both = both.sort_values(["at_now", "at_was"], kind="stable", na_position="last")
    sides = ["value_was", "value_now", "status_was", "status_now", "decision_was", "decision_now"]
    texts = both[sides].fillna("")
    texts.columns = pd.Index(["was", "now", "was_status", "now_status", "was_decision", "now_decision"])
    label = both["label_now"].fillna(both["label_was"]).rename("label")
    differs = (texts["was"] != texts["now"]) | (texts["was_status"] != texts["now_status"])
    found = pd.concat([both[there], texts, label], axis=1)[differs]
    another = found["was"] != found["now"]
    return pd.concat([found[another], found[~another]], ignore_index=True)


def _plain(table: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Keys and figures as texts. Lines with equal keys are told apart by their order."""
    found = table[list(keys)].astype("string").fillna("").reset_index(drop=True)
    found[_NTH] = found.groupby(list(keys), sort=False).cumcount()
    found["at"] = range(len(found))
    found["value"] = _figure(table).to_numpy()
    found["status"] = table["status" if "status" in table.columns else "state"].astype("string").to_numpy()
    found["label"] = (table["row_label"] if "row_label" in table.columns else table["row"]).astype("string").to_numpy()
    found["decision"] = table["decision"].astype("string").to_numpy() if "decision" in table.columns else ""
    return found


def _figure(table: pd.DataFrame) -> pd.Series[str]:
    """What a line says: its value, or of a comparison both levels' figures."""
    if "value" in table.columns:
        return table["value"].astype("string").fillna("")
    upper, lower = (table[n].astype("string").fillna("\N{EN DASH}") for n in ("upper", "lower"))
    return upper + " / " + lower
