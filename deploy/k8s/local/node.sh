#!/usr/bin/env bash
# One real node on this machine: node.sh engine|up|down
# engine: containerd and a Docker engine beside it, to build images with; up: a bridge, kubelet and kube-proxy as well.
# Needs root, containerd, runc, docker.io, containernetworking-plugins, iptables, conntrack, and what programs.sh built.
set -euo pipefail
. "$(dirname "$0")/settings.sh"

node=${API%:*}

engine() {
    mkdir -p "$RUN/cni"
    cat >"$RUN/containerd.toml" <<CONF
version = 2
root = "$STATE/containerd"
state = "$RUN/containerd"
[grpc]
  address = "$CONTAINERD_ADDRESS"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$PREFIX-pause:1"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$RUN/cni"
CONF
    start containerd containerd --config "$RUN/containerd.toml"
    until_true 30 ctr version
    start dockerd dockerd --containerd "$CONTAINERD_ADDRESS" --host "$DOCKER_HOST" --data-root "$STATE/docker" \
        --exec-root "$RUN/docker" --pidfile "$RUN/docker.pid" --bridge none --iptables=false
    until_true 30 docker info
}

up() {
    engine
    local subnet
    subnet=$(kubectl get node node --output 'jsonpath={.spec.podCIDR}' 2>/dev/null || true)
    cat >"$RUN/cni/10-talent.conflist" <<CONF
{"cniVersion": "0.4.0", "name": "talent", "plugins": [
  {"type": "bridge", "bridge": "talent0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "dataDir": "$RUN/ipam", "routes": [{"dst": "0.0.0.0/0"}],
            "ranges": [[{"subnet": "${subnet:-${PODS%.*.*}.0.0/24}"}]]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
CONF
    cat >"$STATE/kubelet.yaml" <<CONF
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $STATE/pki/ca.crt}}
authorization: {mode: Webhook}
tlsCertFile: $STATE/pki/kubelet-server.crt
tlsPrivateKeyFile: $STATE/pki/kubelet-server.key
address: $node
cgroupDriver: cgroupfs
failSwapOn: false
clusterDNS: [${SERVICES%.*}.10]
clusterDomain: cluster.local
containerRuntimeEndpoint: unix://$CONTAINERD_ADDRESS
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%}
CONF
    start kubelet "$STATE/bin/kubelet" --config "$STATE/kubelet.yaml" --kubeconfig "$STATE/kubelet.conf" \
        --root-dir "$STATE/kubelet" --cert-dir "$STATE/pki" --hostname-override node --node-ip "$node"
    # It ends when its file is written while it runs.
    [ -e "$RUN/kube-proxy.pid" ] || cat >"$STATE/kube-proxy.yaml" <<CONF
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
clientConnection: {kubeconfig: $STATE/kube-proxy.conf}
mode: iptables
clusterCIDR: $PODS
hostnameOverride: node
bindAddress: 127.0.0.1
conntrack: {maxPerCore: 0, min: 0}
CONF
    start kube-proxy "$STATE/bin/kube-proxy" --config "$STATE/kube-proxy.yaml"
    until_true 120 kubectl wait --for=condition=Ready node/node --timeout=1s
}

down() {
    stop policies kube-proxy kubelet
    local id
    for id in $(ctr --namespace k8s.io tasks list --quiet 2>/dev/null); do
        ctr --namespace k8s.io tasks kill --signal SIGKILL "$id" 2>/dev/null || true
    done
    sleep 2
    for id in $(ctr --namespace k8s.io containers list --quiet 2>/dev/null); do
        ctr --namespace k8s.io tasks delete --force "$id" >/dev/null 2>&1 || true
        ctr --namespace k8s.io containers delete "$id" >/dev/null 2>&1 || true
    done
    stop dockerd containerd
    findmnt --list --noheadings --output TARGET | { grep -E "^($STATE|$RUN)/|^/(var/)?run/netns/cni-" || true; } | sort -r |
        xargs --no-run-if-empty umount --lazy
    rm -f /run/netns/cni-*
    if [ -x "$STATE/bin/kube-proxy" ]; then "$STATE/bin/kube-proxy" --cleanup >/dev/null 2>&1 || true; fi
    # Chains of kube-proxy, kubelet, the plugins and policies.py; everybody else's rules stay as they are.
    iptables-save | grep --extended-regexp --invert-match 'KUBE-|CNI-|TALENT|talent0' | iptables-restore
    ip link delete talent0 2>/dev/null || true
}

bridge() { # the address of the node and of the API server: the bridge's own, which the pods' gateway is, too
    ip link show talent0 >/dev/null 2>&1 || ip link add talent0 type bridge
    ip address replace "$node/24" dev talent0
    ip link set talent0 up
    echo 1 >/proc/sys/net/ipv4/ip_forward
    local way
    for way in -i -o; do # an engine that once ran may have left a wall
        iptables --check FORWARD "$way" talent0 --jump ACCEPT 2>/dev/null || iptables --append FORWARD "$way" talent0 --jump ACCEPT
    done
}

"${1:-up}"
