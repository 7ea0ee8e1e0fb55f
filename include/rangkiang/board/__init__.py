"""The board: how far every office has come and what waits for whom, as pages of HTML. It only looks.

Plain functions that know nothing of who asks, nor of the web: whoever serves the pages asks for a login first.
"""

from rangkiang.board.opening import opened
from rangkiang.board.pages import ASSETS, View, accuracy, asset, document, documents, message, office, overview
from rangkiang.board.tile import tile
from rangkiang.board.wanted import Wanted

__all__ = [
    "ASSETS",
    "View",
    "Wanted",
    "accuracy",
    "asset",
    "document",
    "documents",
    "message",
    "office",
    "opened",
    "overview",
    "tile",
]
