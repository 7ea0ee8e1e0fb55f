"""People who ask for pages, one of each role; the clerk is that of :data:`OWN`."""

from __future__ import annotations

from rangkiang.people import Person, Role

OWN, OTHER = "13.06", "13.05"

CLERK = Person("petugas-agam", Role.CLERK, frozenset({OWN}))
VIEWER, REVIEWER, COORDINATOR, ENGINEER = (
    Person(name, role)
    for name, role in (
        ("pengamat", Role.VIEWER),
        ("pemeriksa", Role.REVIEWER),
        ("koordinator", Role.COORDINATOR),
        ("admin", Role.ENGINEER),
    )
)

OURS = {"Origin": "https://papan.example", "Sec-Fetch-Site": "same-origin"}
"""What a browser says about a form that one of our own pages sends."""
