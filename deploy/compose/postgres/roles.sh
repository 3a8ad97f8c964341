#!/usr/bin/env bash
# At the first start of PostgreSQL: one role and one database of the same name for each member, closed to everybody else.
# The password of each stands in /run/secrets/talent/<name>.
set -euo pipefail

for name in selection placement assessment funding gateway; do
    psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres \
        --set=name="$name" --set=password="$(cat "/run/secrets/talent/$name")" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT, TEMPORARY ON DATABASE :"name" FROM PUBLIC;
SQL
done
