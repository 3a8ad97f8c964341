#!/usr/bin/env bash
# Makes the three images that this platform does not make itself — Python, PostgreSQL, Apache Kafka — from Debian packages
# and published jars, where no registry can be reached: deploy/images/local/base.sh [python|postgres|kafka …]
#
# Needs: root, mmdebstrap, docker (or DOCKER="podman"), for Kafka also Maven. Settings, all optional:
#   SUITE         Debian release                                   (bookworm: Python 3.11, PostgreSQL 15, Java 17)
#   SOURCES       apt sources to install from                      (this machine's, as apt itself reads them)
#   CERTIFICATES  PEM bundle of authorities that a mirror needs    (none; becomes part of the Python image)
#   PREFIX        first part of the images' names                  (localhost/talent)
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
docker=${DOCKER:-docker}
suite=${SUITE:-bookworm}
prefix=${PREFIX:-localhost/talent}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# A root file system of packages, as a tar: packages separated by commas, then hooks.
bootstrap() {
    local tar=$1 packages=$2
    shift 2
    mmdebstrap --quiet --variant=minbase --include="$packages" \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-include=/usr/share/locale/locale.alias' \
        "$@" "$suite" "$tar" ${SOURCES:+"$SOURCES"}
}

import() { # tar, name, changes to the image's configuration
    local tar=$1 name=$2 changes=()
    shift 2
    for change in "$@"; do changes+=(--change "$change"); done
    "$docker" import "${changes[@]}" "$tar" "$name" >/dev/null
    "$docker" image inspect --format "$name {{.Size}}" "$name"
}

python() {
    local hooks=() settings=('ENV LANG=C.UTF-8' 'CMD ["python3"]')
    if [ -n "${CERTIFICATES:-}" ]; then
        hooks=("--customize-hook=upload '$CERTIFICATES' /etc/ssl/certs/ca-certificates.crt")
        settings+=('ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt')
    fi
    bootstrap "$scratch/python.tar" python3,python3-venv,python-is-python3,ca-certificates,tzdata "${hooks[@]}"
    import "$scratch/python.tar" "$prefix-python:3.11" "${settings[@]}"
}

postgres() {
    bootstrap "$scratch/postgres.tar" postgresql,postgresql-contrib,tzdata \
        --essential-hook='mkdir -p "$1/etc/postgresql-common"; echo "create_main_cluster = false" > "$1/etc/postgresql-common/createcluster.conf"' \
        --essential-hook='echo "postgres:x:999:" >> "$1/etc/group"; echo "postgres:x:999:999::/var/lib/postgresql:/bin/bash" >> "$1/etc/passwd"; echo "postgres:*:19000:0:99999:7:::" >> "$1/etc/shadow"' \
        --customize-hook='install -d -o 999 -g 999 -m 0755 "$1/var/lib/postgresql" "$1/run/postgresql"; rm -rf "$1"/var/lib/postgresql/*' \
        --customize-hook='for bin in "$1"/usr/lib/postgresql/*/bin; do ln -s "${bin#"$1"}" "$1/usr/bin/postgresql"; done' \
        --customize-hook="upload '$here/postgres.sh' /usr/local/bin/docker-entrypoint.sh" \
        --customize-hook='chmod 0755 "$1/usr/local/bin/docker-entrypoint.sh"; mkdir -p "$1/docker-entrypoint-initdb.d"'
    import "$scratch/postgres.tar" "$prefix-postgres:15" \
        'ENV PATH=/usr/local/bin:/usr/bin/postgresql:/usr/bin:/bin' 'ENV LANG=C.UTF-8' \
        'ENV PGDATA=/var/lib/postgresql/data' 'USER 999:999' \
        'ENTRYPOINT ["docker-entrypoint.sh"]' 'CMD ["postgres"]'
}

kafka() {
    local jars=$scratch/jars
    mvn -q -B -f "$root/deploy/local/kafka/pom.xml" dependency:copy-dependencies "-DoutputDirectory=$jars"
    bootstrap "$scratch/kafka.tar" openjdk-17-jre-headless \
        --essential-hook='mkdir -p "$1/usr/share/man/man1"' \
        --customize-hook='mkdir -p "$1/opt/kafka/bin" "$1/opt/kafka/libs" "$1/opt/kafka/config"; install -d -o 1000 -g 1000 "$1/var/lib/kafka/data"' \
        --customize-hook="cp $jars/*.jar \"\$1/opt/kafka/libs/\"" \
        --customize-hook="cp $here/kafka/*.sh \"\$1/opt/kafka/bin/\"; cp $here/kafka/log4j2.properties \"\$1/opt/kafka/config/\"; chmod 0755 \"\$1\"/opt/kafka/bin/*.sh"
    import "$scratch/kafka.tar" "$prefix-kafka:4.4.0" \
        'ENV PATH=/opt/kafka/bin:/usr/bin:/bin' 'ENV LANG=C.UTF-8' 'USER 1000:1000'
}

for image in "${@:-python}"; do
    case $image in
        python | postgres | kafka) "$image" ;;
        *) echo "There is no image '$image'; there are python, postgres and kafka." >&2; exit 2 ;;
    esac
done
