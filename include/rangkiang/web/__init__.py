"""The pages as a web application that knows nothing of Airflow: whoever serves it says who asks."""

from rangkiang.web.app import app, headed

__all__ = ["app", "headed"]
