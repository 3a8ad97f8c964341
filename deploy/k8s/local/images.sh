#!/usr/bin/env bash
# Makes the images of the cluster and gives them to the node's containerd: images.sh [base] [members] [cluster]
# base: Python, PostgreSQL, Kafka (deploy/images/local/base.sh); members: one per member and the issuer of development;
# cluster: pause and, when programs.sh built it, CoreDNS. Needs the engine that node.sh starts.
set -euo pipefail
. "$(dirname "$0")/settings.sh"

docker=${DOCKER:-docker}
give() { "$docker" save "$@" | ctr --namespace k8s.io images import --digests=false - >/dev/null; }

base() {
    "$root/deploy/images/local/base.sh" python postgres kafka
    give "$PREFIX-postgres:15" "$PREFIX-kafka:4.4.0"
}

members() {
    local member
    for member in selection placement assessment funding gateway issuer; do
        DOCKER_BUILDKIT=1 "$docker" build --quiet --network host --file "$root/deploy/Dockerfile" \
            --build-arg BASE_IMAGE="$PREFIX-python:3.11" --build-arg MEMBER="$member" --tag "talent-$member:0.1.0" "$root"
        give "talent-$member:0.1.0"
    done
}

static() { # image, program: an image of one program that needs nothing
    local scratch
    scratch=$(mktemp -d)
    install -m 0755 "$2" "$scratch/$(basename "$2")"
    tar -C "$scratch" -c . | "$docker" import --change "ENTRYPOINT [\"/$(basename "$2")\"]" --change 'USER 65535:65535' - "$1" >/dev/null
    rm -rf "$scratch"
    give "$1"
}

cluster() {
    (cd "$here/pause" && CGO_ENABLED=0 GO111MODULE=off go build -trimpath -ldflags '-s -w' -o "$STATE/bin/pause" .)
    static "$PREFIX-pause:1" "$STATE/bin/pause"
    if [ -x "$STATE/bin/coredns" ]; then static "$PREFIX-coredns:1" "$STATE/bin/coredns"; fi
}

for part in "${@:-cluster}"; do "$part"; done
