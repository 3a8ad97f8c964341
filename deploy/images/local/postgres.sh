#!/usr/bin/env bash
# Starts PostgreSQL the way the official image does, as far as our compose file asks: POSTGRES_PASSWORD_FILE, PGDATA,
# scripts in /docker-entrypoint-initdb.d at the first start. Runs as the server's own account, never as root.
set -euo pipefail

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    mkdir -p "$PGDATA"
    chmod 0700 "$PGDATA"
    initdb --pgdata="$PGDATA" --username=postgres --pwfile="$POSTGRES_PASSWORD_FILE" --encoding=UTF8 --locale=C.UTF-8 \
        --auth-local=trust --auth-host=scram-sha-256 ${POSTGRES_INITDB_ARGS:-}
    echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
    pg_ctl --pgdata="$PGDATA" --wait start --options="-c listen_addresses=''"
    export PGUSER=postgres
    for script in /docker-entrypoint-initdb.d/*; do
        case $script in
            *.sh) bash "$script" ;;
            *.sql) psql --no-psqlrc --set=ON_ERROR_STOP=1 --dbname=postgres --file="$script" ;;
        esac
    done
    unset PGUSER
    pg_ctl --pgdata="$PGDATA" --wait --mode=fast stop
fi
exec "$@" -c listen_addresses='*'
