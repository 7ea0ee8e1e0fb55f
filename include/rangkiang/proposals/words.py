"""The words of a proposal, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from rangkiang import catalogue
from rangkiang.catalogue import Texts
from rangkiang.model import Reason
from rangkiang.proposals.records import Cause, Proposal


def say(key: str, lang: str = "id", **values: object) -> str:
    """The words of that key; numbers among the values are written as the language does. Raises KeyError."""
    written = {n: catalogue.number(v, lang) if isinstance(v, int) else v for n, v in values.items()}
    return _words()[key].get(lang).format(**written)


def said(cause: Cause, proposal: Proposal, lang: str = "id") -> str:
    """A cause in words; a decision with who took it, when and why."""
    params = dict(cause.params)
    if (ruled := proposal.decisions.get(str(params.get("decision", "")))) is not None:
        verdict = say(f"verdict_{ruled.verdict}", lang)
        second = say("confirmed", lang, by=ruled.confirmed) if ruled.confirmed else ""
        params |= {"ruling": say("ruling", lang, verdict=verdict, by=ruled.by, at=ruled.at, why=ruled.why) + second}
    if "reason" in params:
        params["reason"] = catalogue.explain(Reason(**params["reason"]), lang)
    return say(f"cause_{cause.code}", lang, **params)


@cache
def _words() -> Mapping[str, Texts]:
    read = yaml.safe_load(files(__package__).joinpath("words.yaml").read_text("utf-8"))
    return {key: Texts(words["id"], words["en"]) for key, words in read.items()}
