#!/usr/bin/env bash
# Makes the authority and the certificates of the cluster in $STATE/pki, and $STATE/*.conf for everybody who speaks to it.
set -euo pipefail
. "$(dirname "$0")/settings.sh"

cd "$STATE/pki"
chmod 0700 .
[ -e ca.crt ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=talent-cluster \
    -keyout ca.key -out ca.crt 2>/dev/null
[ -e account.key ] || { openssl genrsa -out account.key 2048 2>/dev/null; openssl rsa -in account.key -pubout -out account.pub 2>/dev/null; }

issue() { # name, subject, alternative names
    [ -e "$1.crt" ] && return
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "$2" -keyout "$1.key" -out "$1.csr" 2>/dev/null
    openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -out "$1.crt" 2>/dev/null \
        -extfile <(printf 'extendedKeyUsage=serverAuth,clientAuth\n%s\n' "${3:+subjectAltName=$3}")
    rm -f "$1.csr"
}
account() { # name, subject: a certificate and the kubeconfig that shows it
    issue "$1" "$2"
    cat >"$STATE/$1.conf" <<CONF
apiVersion: v1
kind: Config
clusters:
  - name: local
    cluster: {server: "https://$API", certificate-authority: "$STATE/pki/ca.crt"}
users:
  - name: $1
    user: {client-certificate: "$STATE/pki/$1.crt", client-key: "$STATE/pki/$1.key"}
contexts:
  - name: local
    context: {cluster: local, user: $1}
current-context: local
CONF
    chmod 0600 "$STATE/$1.conf"
}
first=${SERVICES%.*}.1
issue apiserver /CN=kube-apiserver "IP:${API%:*},IP:$first,DNS:kubernetes.default.svc"
issue kubelet-server /CN=node "IP:${API%:*},DNS:node"
account admin /O=system:masters/CN=admin
account kube-controller-manager /CN=system:kube-controller-manager
account kube-scheduler /CN=system:kube-scheduler
account kube-proxy /CN=system:kube-proxy
account kubelet /O=system:nodes/CN=system:node:node
