"""Airflow's auth manager, narrowed by what an account is there for: ``AIRFLOW__CORE__AUTH_MANAGER`` names one of these.

Not plugins, but Airflow finds modules in this folder (see .airflowignore).
"""
