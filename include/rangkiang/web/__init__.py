"""The pages as a web application that knows nothing of Airflow: whoever serves it says who asks."""

from rangkiang.web.app import app, headed
from rangkiang.web.asking import asker

__all__ = ["app", "asker", "headed"]
