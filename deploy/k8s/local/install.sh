#!/usr/bin/env bash
# Installs the overlay of this folder on the cluster of this machine: secrets as the README says, the CRDs are not needed.
# KEYS is the folder that `make compose-secrets` fills; the gateway answers at http://127.0.0.1:30080 then.
set -euo pipefail
. "$(dirname "$0")/settings.sh"

keys=${KEYS:-$STATE/keys}
(cd "$root" && .venv/bin/python -m talent_local.composing "$keys" >/dev/null)
kubectl apply --server-side --filename "$here/dns/coredns.yaml" >/dev/null
kubectl apply --server-side --filename "$root/deploy/k8s/overlays/dev/namespace.yaml"
kubectl apply --server-side --filename - <<VOLUME
apiVersion: v1
kind: PersistentVolume
metadata: {name: talent-clock}
spec:
  accessModes: [ReadOnlyMany]
  capacity: {storage: 1Mi}
  persistentVolumeReclaimPolicy: Retain
  claimRef: {name: clock, namespace: talent-dev}
  hostPath: {path: $keys/clock, type: Directory}
VOLUME

put() { # kind and name, then --from-file …: made or brought up to date
    kubectl --namespace talent-dev create "$@" --dry-run=client --output yaml | kubectl apply --server-side --filename - >/dev/null
}
for member in selection placement assessment funding gateway; do
    files=()
    for file in "$keys/$member"/*; do
        name=$(basename "$file")
        case $name in
            internal.jwks.json | seal-root.pem) ;; # public, below
            "$member"_*) files+=("--from-file=${name^^}=$file") ;;
            *) files+=("--from-file=$name=$file") ;;
        esac
    done
    put secret generic "$member-secrets" "${files[@]}"
done
put secret generic public-keys --from-file="$keys/gateway/internal.jwks.json" --from-file="$keys/gateway/seal-root.pem"
put secret generic postgres --from-file="$keys/postgres"
put secret generic issuer --from-file="$keys/issuer"
put configmap postgres-roles --from-file="$root/deploy/compose/postgres/roles.sh"
put configmap kafka-scripts --from-file="$root/deploy/compose/kafka"
put configmap issuer-seed --from-file="$root/deploy/local/seed"
kubectl apply --server-side --kustomize "$here/overlay" | wc -l
kubectl --namespace talent-dev rollout status deployment --timeout=600s
