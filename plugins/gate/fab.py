"""For a server: accounts and roles as FAB keeps them."""

from airflow.providers.fab.auth_manager.fab_auth_manager import FabAuthManager

from gate.narrowed import Narrowed


class AuthManager(Narrowed, FabAuthManager):
    pass
