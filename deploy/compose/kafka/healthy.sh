#!/usr/bin/env bash
# Well when the broker answers a request of its protocol (ApiVersions, version 0) without error; no Java is started for it.
set -euo pipefail
exec 3<>/dev/tcp/127.0.0.1/9092
printf '\0\0\0\012\0\022\0\0\0\0\0\001\377\377' >&3
answer=$(head -c 10 <&3 | od -An -tx1 | tr -d ' \n')
[ "${answer:8}" = "000000010000" ] # our number, then no error
