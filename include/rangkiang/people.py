"""Who may what. An account has one role; a clerk's is for some offices only, everybody else's for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rangkiang.settings import Account


class Role(StrEnum):
    """What an account is there for."""

    VIEWER = "viewer"  # looks
    CLERK = "clerk"  # of a regency office: looks at what is its own, and decides about it
    REVIEWER = "reviewer"  # decides, and is the second person for others
    COORDINATOR = "coordinator"  # and says what is released
    ENGINEER = "engineer"  # looks after the runs; decides no figure and releases none


class Act(StrEnum):
    """What somebody wants to do."""

    LOOK = "look"
    DECIDE = "decide"  # about a finding, or take an own decision back
    CONFIRM = "confirm"  # somebody else's decision, or refuse it
    APPROVE = "approve"  # a release, or return it
    AUDIT = "audit"  # see who did what
    RUN = "run"  # start an office's DAG: after a decision it goes on
    OPERATE = "operate"  # everything else in Airflow: pause, clear, mark, delete


CHANGES = frozenset({Act.DECIDE, Act.CONFIRM, Act.APPROVE})
"""Acts on the pages after which something is no longer as it was."""

_MAY: Mapping[Role, frozenset[Act]] = {
    Role.VIEWER: frozenset({Act.LOOK}),
    Role.CLERK: frozenset({Act.LOOK, Act.DECIDE, Act.RUN}),
    Role.REVIEWER: frozenset({Act.LOOK, Act.DECIDE, Act.CONFIRM, Act.RUN}),
    Role.COORDINATOR: frozenset({Act.LOOK, Act.DECIDE, Act.CONFIRM, Act.APPROVE, Act.AUDIT, Act.RUN}),
    Role.ENGINEER: frozenset({Act.LOOK, Act.AUDIT, Act.RUN, Act.OPERATE}),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks. ``name`` is that of the account, as decisions are signed with it."""

    name: str
    role: Role
    offices: frozenset[str] = frozenset()  # codes; a clerk's own. Of other roles: empty, which is all

    def may(self, act: Act, office: str = "") -> bool:
        """Whether the person may do this, about documents of that office; '' is what belongs to no single office."""
        return self.is_for(act) and (self.role is not Role.CLERK or office in self.offices)

    def is_for(self, act: Act) -> bool:
        """Whether the person does such things at all, be it about some offices only."""
        return act in _MAY[self.role]


def person(name: str, accounts: Mapping[str, Account]) -> Person:
    """Who an account is: as the settings say, and else somebody who looks."""
    account = accounts.get(name, Account())
    return Person(name, Role(account.role), frozenset(account.offices))


def who_may(act: Act, accounts: Mapping[str, Account]) -> list[str]:
    """The accounts that the settings name for something that belongs to no single office."""
    return sorted(name for name in accounts if person(name, accounts).may(act))
