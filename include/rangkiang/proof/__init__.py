"""Turns readings into proofs: the identities within a form, and the agreement of one level with the next."""

from rangkiang.proof.identities import PROOF, prove
from rangkiang.proof.levels import Agreement, Sheet, flag, reconcile

__all__ = ["PROOF", "Agreement", "Sheet", "flag", "prove", "reconcile"]
