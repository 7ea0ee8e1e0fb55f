"""What somebody has to be told, because nothing goes on by itself: by mail, and by a webhook."""

from rangkiang.alerts.alert import CODES, Alert, Message, message
from rangkiang.alerts.causes import cause
from rangkiang.alerts.telling import catch_up, late, tell

__all__ = ["CODES", "Alert", "Message", "catch_up", "cause", "late", "message", "tell"]
