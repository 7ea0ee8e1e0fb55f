"""The words of a proposal, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from rangkiang import catalogue
from rangkiang.catalogue import Texts
from rangkiang.model import Reason
from rangkiang.proposals.records import Cause, Proposal, Ruled


def say(key: str, lang: str = "id", **values: object) -> str:
    """The words of that key; numbers among the values are written as the language does. Raises KeyError."""
    written = {n: catalogue.number(v, lang) if isinstance(v, int) else v for n, v in values.items()}
    return _words()[key].get(lang).format(**written)


def said(cause: Cause, proposal: Proposal, lang: str = "id", brief: bool = False) -> str:
    """A cause in words; a decision with who took it, when and why, or, ``brief``, by its id alone."""
    params = dict(cause.params)
    known = f"cause_{cause.code}"
    if (decision := params.get("decision")) is not None:
        ruled = proposal.decisions.get(str(decision))
        if brief or ruled is None:
            known += "_brief"
        else:
            params["ruling"] = ruling(ruled, lang)
    if "reason" in params:
        params["reason"] = catalogue.explain(Reason(**params["reason"]), lang)
    return say(known, lang, **params)


def ruling(ruled: Ruled, lang: str = "id") -> str:
    """What was decided, by whom, when and why."""
    verdict = say(f"verdict_{ruled.verdict}", lang)
    second = say("confirmed", lang, by=ruled.confirmed) if ruled.confirmed else ""
    return say("ruling", lang, verdict=verdict, by=ruled.by, at=ruled.at, why=ruled.why) + second


@cache
def _words() -> Mapping[str, Texts]:
    read = yaml.safe_load(files(__package__).joinpath("words.yaml").read_text("utf-8"))
    return {key: Texts(words["id"], words["en"]) for key, words in read.items()}
