# Where a cluster of one machine keeps its things; every script of this folder reads it. All can be set from outside.
STATE=${STATE:-/var/lib/talent-cluster}               # programs, certificates, what etcd and containerd hold
RUN=${RUN:-/run/talent-cluster}                       # sockets, process ids, logs
KUBERNETES=${KUBERNETES:-1.34.4}                      # 1.34 is the last that runs where only cgroup v1 is
PODS=${PODS:-10.86.0.0/16}
SERVICES=${SERVICES:-10.87.0.0/16}
API=${API:-10.86.0.1:7443}                            # the address of the bridge that node.sh makes
PREFIX=${PREFIX:-localhost/talent}                    # first part of the names of images made here

export KUBECONFIG=$STATE/admin.conf DOCKER_HOST=unix://$RUN/docker.sock CONTAINERD_ADDRESS=$RUN/containerd.sock
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
umask 022
mkdir -p "$STATE/bin" "$STATE/pki" "$RUN"

start() { # name, program and arguments: in the background, its log and process id in $RUN
    local name=$1
    shift
    if [ -e "$RUN/$name.pid" ] && kill -0 "$(cat "$RUN/$name.pid")" 2>/dev/null; then return; fi
    setsid "$@" >"$RUN/$name.log" 2>&1 </dev/null &
    echo $! >"$RUN/$name.pid"
}

stop() { # names: each is told to end and waited for
    local name pid
    for name in "$@"; do
        [ -e "$RUN/$name.pid" ] || continue
        pid=$(cat "$RUN/$name.pid")
        kill "$pid" 2>/dev/null || true
        tail --pid="$pid" --sleep-interval=0.2 --follow /dev/null 2>/dev/null || true
        rm -f "$RUN/$name.pid"
    done
}

until_true() { # seconds, command: tries until it ends well
    local left=$(($1 * 2))
    shift
    until "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || { echo "It did not come true: $*" >&2; return 1; }
        sleep 0.5
    done
}
