#!/usr/bin/env bash
# User instructions per echoed message with one policy changed, over TCP: see instructions.sh.
# policies.sh <folder of stream_echo>
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
program=${1:?usage: policies.sh <folder of stream_echo>}

table() { # kind, messages in flight, size…, --, server…
    local kind=$1 in_flight=$2 sizes=() size server
    shift 2
    while [[ $1 != -- ]]; do
        sizes+=("$1")
        shift
    done
    shift
    printf '\n%-28s' "$kind, $in_flight in flight"
    printf ' %8s' "${sizes[@]}"
    echo
    for server; do
        printf '%-28s' "$server"
        for size in "${sizes[@]}"; do
            "$here/instructions.sh" "$program" socket "$in_flight" "$server" "$size" "$kind" |
                awk '{ printf " %8.0f", $1 }'
        done
        echo
    done
}

sizes=(16 125 1024 4096 16384 65536)
buffers=('flat<512>' 'flat<2048>' weft 'flat<32768>' 'flat<131072>')
echo "user instructions per message, over TCP; weft: simd, strict, flat<8192>; else what differs"
table binary 1 "${sizes[@]}" -- raw weft masking::word masking::bytewise
table text 1 "${sizes[@]}" -- weft utf8::deferred utf8::unchecked
table binary 1 "${sizes[@]}" -- "${buffers[@]}" 'fixed<512>' 'fixed<8192>' 'borrowed<8192>'
table binary 8 125 1024 -- "${buffers[@]}"
