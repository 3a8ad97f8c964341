#!/usr/bin/env bash
# Builds Kubernetes from its published Go modules, where no binary can be downloaded: deploy/k8s/local/programs.sh [name …]
# Needs Go as new as the release asks for. With nothing in Go's cache two busy cores took 49 minutes for those of Kubernetes.
set -euo pipefail
. "$(dirname "$0")/settings.sh"

work=$STATE/build
mkdir -p "$work"
cd "$work"
export GOFLAGS=-mod=mod CGO_ENABLED=0
source=$(cd / && go mod download -json "k8s.io/kubernetes@v$KUBERNETES" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
# The module names its staging modules by folders that are not in it; they are published as v0.x of the same release.
staging=v0.${KUBERNETES#1.}
sed -E -e "s/^module .*/module cluster.local\/programs/" \
    -e "s#(k8s\.io/[a-z-]+) => \./staging/src/.*#\1 => \1 $staging#" \
    -e "s#^(\tk8s\.io/[a-z-]+) v0\.0\.0\$#\1 $staging#" "$source/go.mod" >go.mod
printf '\nrequire k8s.io/kubernetes v%s\n' "$KUBERNETES" >>go.mod
install -m 0644 "$source/go.sum" go.sum
minor=${KUBERNETES#1.}
says="-X k8s.io/component-base/version.gitVersion=v$KUBERNETES -X k8s.io/component-base/version.gitMajor=1"
says="$says -X k8s.io/component-base/version.gitMinor=${minor%.*}"
coredns() { # a module of its own: its versions of common packages are others
    mkdir -p "$STATE/build-names"
    cd "$STATE/build-names"
    install -m 0644 "$here/dns/main.go" main.go
    printf 'module cluster.local/names\n\ngo 1.24.0\n\nrequire github.com/coredns/coredns v1.13.1\n' >go.mod
    go mod tidy
    nice -n 10 go build -trimpath -ldflags '-s -w' -o "$STATE/bin/coredns" .
    "$STATE/bin/coredns" -version
}
for name in "${@:-kube-apiserver}"; do
    if [ "$name" = coredns ]; then (coredns); continue; fi
    mkdir -p "cmd/$name"
    install -m 0644 "$source/cmd/$name/${name#kube-}.go" "cmd/$name/main.go"
    nice -n 10 go build -trimpath -ldflags "-s -w $says" -o "$STATE/bin/$name" "./cmd/$name"
    "$STATE/bin/$name" --version
done
