#!/bin/sh
# CKAN's settings are put together in memory, with what is secret; its tables are made where they are missing.
set -eu
ini=/tmp/ckan.ini
umask 077
ckan generate config "$ini" >/dev/null
ckan config-tool "$ini" --file /run/secrets/ckan_ini
ckan config-tool "$ini" \
    "ckan.site_url = $CKAN_SITE_URL" \
    'solr_url = http://solr:8983/solr/ckan' \
    'ckan.storage_path = /var/lib/ckan' \
    'ckan.max_resource_size = 100' \
    'ckan.plugins = activity datastore text_view datatables_view'
ckan -c "$ini" db init
ckan -c "$ini" db upgrade -p activity
exec ckan -c "$ini" run --host 0.0.0.0 --port 5000 --disable-reloader
