"""What an account may do in Airflow is what its auth manager allows and its role in the settings allows as well.

It only ever narrows. Where the settings name no people it leaves everything as it is.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow.api_fastapi.auth.managers.base_auth_manager import BaseAuthManager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity

from rangkiang import catalogue, people
from rangkiang.people import Act
from rangkiang.settings import Account, Settings

if TYPE_CHECKING:
    from airflow.api_fastapi.auth.managers.base_auth_manager import ResourceMethod
    from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
    from airflow.api_fastapi.auth.managers.models.resource_details import (
        AssetAliasDetails,
        AssetDetails,
        DagDetails,
    )

_ACTS: dict[tuple[str, DagAccessEntity | None], Act] = {
    ("POST", DagAccessEntity.RUN): Act.RUN,
    ("PUT", DagAccessEntity.HITL_DETAIL): Act.APPROVE,
}
"""What is neither looking nor the engineers' own business."""


class Narrowed(BaseAuthManager[Any]):
    """Stands before an auth manager among the bases of a class."""

    @property
    def _narrowed(self) -> Any:
        """The auth manager behind this one."""
        return super()

    @cached_property
    def _accounts(self) -> dict[str, Account]:
        return Settings().people

    @cached_property
    def _offices(self) -> dict[str, str]:
        return {office.dag_id: office.code for office in catalogue.offices()}

    def is_authorized_dag(
        self,
        *,
        method: ResourceMethod,
        user: BaseUser,
        access_entity: DagAccessEntity | None = None,
        details: DagDetails | None = None,
    ) -> bool:
        act = Act.LOOK if method == "GET" else _ACTS.get((method, access_entity), Act.OPERATE)
        allowed: bool = self._narrowed.is_authorized_dag(
            method=method, user=user, access_entity=access_entity, details=details
        )
        dag_id = details.id if details else None
        if act is Act.RUN and dag_id not in self._offices:
            act = Act.OPERATE  # a stage's run publishes
        return allowed and self._may(user, act, dag_id)

    def get_authorized_dag_ids(self, *, user: BaseUser, method: ResourceMethod = "GET", **session: Any) -> set[str]:
        act = Act.LOOK if method == "GET" else Act.OPERATE
        allowed: set[str] = self._narrowed.get_authorized_dag_ids(user=user, method=method, **session)
        return {dag_id for dag_id in allowed if self._may(user, act, dag_id)}

    def is_authorized_asset(
        self, *, method: ResourceMethod, user: BaseUser, details: AssetDetails | None = None
    ) -> bool:
        """An event of a stage's asset sets its release off."""
        act = Act.LOOK if method == "GET" else Act.OPERATE
        allowed: bool = self._narrowed.is_authorized_asset(method=method, user=user, details=details)
        return allowed and self._may(user, act)

    def is_authorized_asset_alias(
        self, *, method: ResourceMethod, user: BaseUser, details: AssetAliasDetails | None = None
    ) -> bool:
        act = Act.LOOK if method == "GET" else Act.OPERATE
        allowed: bool = self._narrowed.is_authorized_asset_alias(method=method, user=user, details=details)
        return allowed and self._may(user, act)

    def is_authorized_hitl_task(self, *, assigned_users: set[str], user: BaseUser) -> bool:
        """Who is asked is named by account, as in the settings: FAB's own ids are numbers that nobody knows."""
        return user.get_name() in assigned_users or super().is_authorized_hitl_task(
            assigned_users=assigned_users, user=user
        )

    def _may(self, user: BaseUser, act: Act, dag_id: str | None = None) -> bool:
        """Of a list, which names no DAG, the rest is left out elsewhere: by ``get_authorized_dag_ids``."""
        if not self._accounts:
            return True
        person = people.person(user.get_name(), self._accounts)
        if act is Act.LOOK and not dag_id:
            return person.is_for(act)
        return person.may(act, self._offices.get(dag_id or "", ""))
