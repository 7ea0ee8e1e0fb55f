"""Slips: letters that go back to an office with a document that cannot be used, made of facts and nothing else.

A slip is a page of HTML that needs nothing beside it, runs nothing, and prints on A4; and a few lines of text for mail.
"""

from rangkiang.slips.pages import POLICY, SLIPS, brief, letter, page
from rangkiang.slips.slip import Picture, Problem, Slip

__all__ = ["POLICY", "SLIPS", "Picture", "Problem", "Slip", "brief", "letter", "page"]
