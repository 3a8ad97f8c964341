#!/usr/bin/env bash
# Lets the API server judge every overlay, alone and with every component, as an installation would: the CRDs, the namespace,
# then everything, dry and for real. Says how many objects were taken; ends with 1 when one was refused or warned about.
set -euo pipefail
. "$(dirname "$0")/settings.sh"

kubectl apply --server-side --force-conflicts --filename "$STATE/crds" >/dev/null
kubectl wait --for=condition=Established crd --all --timeout=60s >/dev/null
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/deploy"
cp -r "$root/deploy/k8s" "$scratch/deploy/"
cp -r "$root/programmes" "$scratch/"
tree=$scratch/deploy/k8s
refused=0

judge() { # what it is called, --dry-run=server or nothing
    local said
    if said=$(kubectl apply --server-side --force-conflicts ${2:-} --filename "$scratch/objects.yaml" 2>&1) &&
        ! grep -q '^Warning' <<<"$said"; then
        printf '%-40s %4d objects %s\n' "$1" "$(wc -l <<<"$said")" "${2:+(dry run)}"
    else
        refused=1
        printf '%-40s REFUSED\n' "$1"
        grep -v ' serverside-applied' <<<"$said" | sed 's/^/    /'
    fi
}

pods() { # a Pod of every template: those of a Deployment are admitted, or refused, only when a controller makes them
    "$root/.venv/bin/python" -c '
import sys, yaml
for each in yaml.safe_load_all(sys.stdin):
    if each["kind"] in ("Deployment", "Job"):
        template, names = each["spec"]["template"], each["metadata"]
        kept = {"name": names["name"], "namespace": names["namespace"], "labels": template["metadata"]["labels"]}
        print("---\n" + yaml.safe_dump({"apiVersion": "v1", "kind": "Pod", "metadata": kept, "spec": template["spec"]}))
'
}

for overlay in dev staging prod; do
    folder=$tree/overlays/$overlay
    kubectl apply --server-side --filename "$folder/namespace.yaml" >/dev/null
    kubectl kustomize "$folder" >"$scratch/objects.yaml"
    judge "$overlay" --dry-run=server
    judge "$overlay"
    pods <"$scratch/objects.yaml" >"$scratch/pods.yaml"
    mv "$scratch/pods.yaml" "$scratch/objects.yaml"
    judge "$overlay, every pod by itself" --dry-run=server
    # A Job that is there cannot be changed; the next release brings Jobs of other names.
    kubectl delete jobs --all --namespace "$(sed -n 's/^namespace: //p' "$folder/kustomization.yaml")" >/dev/null
    sed -i 's/version: 0\.1\.0$/version: 0.1.1/' "$folder/kustomization.yaml" "$folder/namespace.yaml"
    kubectl kustomize "$folder" >"$scratch/objects.yaml"
    judge "$overlay, the next release over it" --dry-run=server
    cp "$root/deploy/k8s/overlays/$overlay"/*.yaml "$folder/"
    for component in "$tree"/components/*/; do
        name=$(basename "$component")
        grep -q "components/$name\$" "$folder/kustomization.yaml" && continue
        sed "s#^images:#  - ../../components/$name\n&#" "$root/deploy/k8s/overlays/$overlay/kustomization.yaml" \
            >"$folder/kustomization.yaml"
        kubectl kustomize "$folder" >"$scratch/objects.yaml"
        cp "$root/deploy/k8s/overlays/$overlay/kustomization.yaml" "$folder/kustomization.yaml"
        judge "$overlay + $name" --dry-run=server
    done
done
exit "$refused"
