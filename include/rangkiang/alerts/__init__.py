"""What somebody has to be told, because nothing goes on by itself: by mail, and by a webhook.

What an error means is asked of ``causes``, which knows the portals; nobody else loads those for it.
"""

from rangkiang.alerts.alert import CODES, Alert, Message, message
from rangkiang.alerts.telling import catch_up, late, tell

__all__ = ["CODES", "Alert", "Message", "catch_up", "late", "message", "tell"]
