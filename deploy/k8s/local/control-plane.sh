#!/usr/bin/env bash
# etcd and a real API server on this machine, and with `all` the controllers and the scheduler: control-plane.sh up|all|down
# Needs etcd (Debian: etcd-server), openssl and what programs.sh built.
set -euo pipefail
. "$(dirname "$0")/settings.sh"

up() {
    "$here/certificates.sh"
    "$here/node.sh" bridge
    start etcd etcd --data-dir "$STATE/etcd" --listen-client-urls http://127.0.0.1:7379 \
        --advertise-client-urls http://127.0.0.1:7379 --listen-peer-urls http://127.0.0.1:7380 --unsafe-no-fsync
    until_true 30 curl --silent --fail http://127.0.0.1:7379/health
    start kube-apiserver "$STATE/bin/kube-apiserver" --etcd-servers http://127.0.0.1:7379 \
        --bind-address "${API%:*}" --advertise-address "${API%:*}" --secure-port "${API#*:}" \
        --tls-cert-file "$STATE/pki/apiserver.crt" --tls-private-key-file "$STATE/pki/apiserver.key" \
        --client-ca-file "$STATE/pki/ca.crt" --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction \
        --kubelet-client-certificate "$STATE/pki/admin.crt" --kubelet-client-key "$STATE/pki/admin.key" \
        --kubelet-certificate-authority "$STATE/pki/ca.crt" --kubelet-preferred-address-types InternalIP \
        --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$STATE/pki/account.pub" \
        --service-account-signing-key-file "$STATE/pki/account.key" --service-cluster-ip-range "$SERVICES" \
        --allow-privileged
    until_true 120 kubectl get --raw /readyz
    kubectl version
}

all() {
    up
    start kube-controller-manager "$STATE/bin/kube-controller-manager" --kubeconfig "$STATE/kube-controller-manager.conf" \
        --authentication-kubeconfig "$STATE/kube-controller-manager.conf" \
        --authorization-kubeconfig "$STATE/kube-controller-manager.conf" --bind-address 127.0.0.1 \
        --use-service-account-credentials --service-account-private-key-file "$STATE/pki/account.key" \
        --root-ca-file "$STATE/pki/ca.crt" --allocate-node-cidrs --cluster-cidr "$PODS" --leader-elect=false
    start kube-scheduler "$STATE/bin/kube-scheduler" --kubeconfig "$STATE/kube-scheduler.conf" --bind-address 127.0.0.1 \
        --authentication-kubeconfig "$STATE/kube-scheduler.conf" --authorization-kubeconfig "$STATE/kube-scheduler.conf" \
        --leader-elect=false
    until_true 60 kubectl -n default get serviceaccount default
}

down() { stop kube-scheduler kube-controller-manager kube-apiserver etcd; }

"${1:-up}"
