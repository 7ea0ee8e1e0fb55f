"""Turns readings into proofs: the identities within a form, and the agreement of one level with the next."""

from rangkiang.proof.belief import Belief, believe
from rangkiang.proof.identities import PROOF, prove
from rangkiang.proof.levels import COMPARED, Agreement, Sheet, feeders, flag, reconcile
from rangkiang.proof.settlement import DOUBT, Settled, settle
from rangkiang.proof.tableau import Sum
from rangkiang.proof.tables import prove_table

__all__ = [
    "COMPARED",
    "DOUBT",
    "PROOF",
    "Agreement",
    "Belief",
    "Settled",
    "Sheet",
    "Sum",
    "believe",
    "feeders",
    "flag",
    "prove",
    "prove_table",
    "reconcile",
    "settle",
]
