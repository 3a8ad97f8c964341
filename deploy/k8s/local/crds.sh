#!/usr/bin/env bash
# Gathers the CRDs of the operators that deploy/k8s asks for, as their own packages hold them, into $STATE/crds.
# Needs Go (it fetches modules, nothing is built), Maven and a Java 21 or newer as $JAVA for Strimzi, whose CRDs are made
# from its classes. Without either that part is left out, and said.
set -euo pipefail
. "$(dirname "$0")/settings.sh"

to=$STATE/crds
mkdir -p "$to"
take() { # module@version, files below it
    local folder file
    folder=$(cd / && GOFLAGS=-mod=mod go mod download -json "$1" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
    shift
    for file in "$@"; do install -m 0644 "$folder/$file" "$to/$(basename "$file")"; done
}
take sigs.k8s.io/gateway-api@v1.4.1 config/crd/standard/gateway.networking.k8s.io_httproutes.yaml
take github.com/kedacore/keda/v2@v2.21.0 config/crd/bases/keda.sh_scaledobjects.yaml
take github.com/cloudnative-pg/cloudnative-pg@v1.27.1 config/crd/bases/postgresql.cnpg.io_clusters.yaml \
    config/crd/bases/postgresql.cnpg.io_databases.yaml config/crd/bases/postgresql.cnpg.io_scheduledbackups.yaml
take github.com/cloudnative-pg/plugin-barman-cloud@v0.15.0 config/crd/bases/barmancloud.cnpg.io_objectstores.yaml
take github.com/external-secrets/external-secrets@v1.3.2 config/crds/bases/external-secrets.io_externalsecrets.yaml \
    config/crds/bases/external-secrets.io_secretstores.yaml
take github.com/prometheus-operator/prometheus-operator@v0.85.0 \
    example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml \
    example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml

java=${JAVA:-java}
if "$java" -version 2>&1 | grep -Eq 'version "(2[1-9]|[3-9][0-9])'; then
    mvn -q -B -f "$here/crds/pom.xml" dependency:copy-dependencies "-DoutputDirectory=$STATE/strimzi"
    classes=io.strimzi.api.kafka.model
    "$java" -cp "$STATE/strimzi/*" io.strimzi.crdgenerator.CrdGenerator --target-kube 1.16+ --crd-api-version v1 \
        --api-versions v1 --storage-version v1 --yaml \
        "$classes.kafka.Kafka=$to/kafka.strimzi.io_kafkas.yaml" "$classes.topic.KafkaTopic=$to/kafka.strimzi.io_kafkatopics.yaml" \
        "$classes.user.KafkaUser=$to/kafka.strimzi.io_kafkausers.yaml" \
        "$classes.nodepool.KafkaNodePool=$to/kafka.strimzi.io_kafkanodepools.yaml"
else
    echo "No Java 21 as \$JAVA: the CRDs of Strimzi are left out." >&2
fi
ls "$to"
