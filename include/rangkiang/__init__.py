"""Rangkiang: reads election-result sheets, proves every figure by its own arithmetic, and publishes it."""

__version__ = "0.1.0"
