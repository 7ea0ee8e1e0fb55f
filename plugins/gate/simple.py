"""For one machine: the accounts that ``deploy/local`` makes."""

from airflow.api_fastapi.auth.managers.simple.simple_auth_manager import SimpleAuthManager

from gate.narrowed import Narrowed


class AuthManager(Narrowed, SimpleAuthManager):
    pass
