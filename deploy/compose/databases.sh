#!/bin/sh
# Run once by PostgreSQL's image, on an empty data directory: an account for each program, and a database of its own.
# Nobody but its owner and the administrator may connect to a database. Passwords come from files, and go in as input:
# neither a command line nor an environment shows them.
set -eu
secrets=${SECRETS:-/run/secrets}

ask() { psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname "${1:-postgres}"; }

account() { # name, file of its password
    printf "CREATE ROLE %s LOGIN PASSWORD '%s';\n" "$1" "$(cat "$secrets/$2")" | ask
}

database() { # name, owner
    printf 'CREATE DATABASE %s OWNER %s;\nREVOKE ALL ON DATABASE %s FROM PUBLIC;\n' "$1" "$2" "$1" | ask
}

account airflow airflow_password
database airflow airflow
account results results_password # what Celery's workers say of a task's end: they need no more of Airflow's database
database results results
account ledger ledger_password
database rangkiang ledger
account ckan ckan_password
account ckan_reader ckan_reader_password
database ckan ckan
database ckan_datastore ckan
echo 'GRANT CONNECT ON DATABASE ckan_datastore TO ckan_reader;' | ask
account marquez marquez_password
database marquez marquez
