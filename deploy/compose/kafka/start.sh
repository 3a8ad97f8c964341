#!/usr/bin/env bash
# Formats the storage at the first start, then runs the broker. The root of the container is read-only.
set -euo pipefail
export LOG_DIR=/tmp EXTRA_ARGS="-name kafkaServer"
bin=/opt/kafka/bin
data=/var/lib/kafka/data
if [ ! -e "$data/meta.properties" ]; then
    KAFKA_HEAP_OPTS=-Xmx256m "$bin/kafka-storage.sh" format --standalone \
        --cluster-id "T$(head -c 16 /dev/urandom | base64 | tr '+/' 'ab' | cut -c 1-21)" --config /etc/talent/server.properties
fi
exec "$bin/kafka-server-start.sh" /etc/talent/server.properties
