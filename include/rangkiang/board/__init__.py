"""The board and the review desk as pages of HTML: how far every office has come, what waits for whom, one finding.

Plain functions that know nothing of who asks, nor of the web: whoever serves the pages asks for a login first.
"""

from rangkiang.board.desk import Outcome
from rangkiang.board.opening import opened
from rangkiang.board.origin import figures, origin
from rangkiang.board.pages import ASSETS, View, accuracy, asset, document, documents, message, office, overview
from rangkiang.board.part import Part
from rangkiang.board.tile import tile
from rangkiang.board.wanted import Wanted

__all__ = [
    "ASSETS",
    "Outcome",
    "Part",
    "View",
    "Wanted",
    "accuracy",
    "asset",
    "document",
    "documents",
    "figures",
    "message",
    "office",
    "opened",
    "origin",
    "overview",
    "tile",
]
