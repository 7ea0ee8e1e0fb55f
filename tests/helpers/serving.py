"""The pages in a process of their own, for one person: ``python -m helpers.serving PORT``."""

from __future__ import annotations

import sys

import uvicorn

from helpers.askers import REVIEWER
from rangkiang import web

if __name__ == "__main__":
    app = web.headed(web.app(lambda: REVIEWER))
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
