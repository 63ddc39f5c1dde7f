#!/usr/bin/env bash
# User instructions and allocations per echoed message, counted by callgrind: the difference between
# a run of N and one of 2N messages, over N. They repeat, whatever else the machine does.
# instructions.sh <folder of stream_echo> [socket|memory] [IN_FLIGHT] [SERVER SIZE binary|text]
# Over TCP if nothing is said; all servers, sizes and kinds, or one of each as bare numbers.
# Valgrind 3.19 has no AVX-512 and tells programs so: what selects kernels at run time selects AVX2's.
set -euo pipefail

program=${1:?usage: instructions.sh <folder of stream_echo> …}/stream_echo
layer=${2:-socket}
in_flight=${3:-1}
servers=(raw weft weft_any beast_tuned beast)
sizes=(16 64 125 256 1024 4096 16384 65536)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Callgrind counts `rep movsb` as an instruction for each byte: memcpy must do without.
export GLIBC_TUNABLES=glibc.cpu.x86_rep_movsb_threshold=999999999:glibc.cpu.x86_rep_stosb_threshold=999999999

count() { # server size messages kind → instructions of the run, allocations of its messages
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$@" "$layer" "$in_flight" \
        >"$scratch/out" 2>"$scratch/err" || {
        cat "$scratch/err" >&2
        return 1
    }
    awk '/Collected/ { print $NF } /allocations/ { print $1 }' "$scratch/err" "$scratch/out" | xargs
}

measure() { # server size kind → instructions and allocations per message
    local n=256 once twice
    (($2 < 4096)) || n=64
    once=$(count "$1" "$2" $n "$3")
    twice=$(count "$1" "$2" $((2 * n)) "$3")
    awk -v n=$n '{ print ($3 - $1) / n, ($4 - $2) / n }' <<<"$once $twice"
}

if (($# > 3)); then
    measure "${@:4:3}"
    exit
fi

echo "instructions [allocations] per message; layer: $layer, in flight: $in_flight"
echo "raw: the layer alone; weft_any, beast: over any_io_executor; last: tuned / weft, beast / weft_any"
for kind in binary text; do
    printf '\n%-6s bytes' "$kind"
    printf ' %15s' "${servers[@]}"
    echo
    for size in "${sizes[@]}"; do
        printf '%12s' "$size"
        declare -A spent=()
        for server in "${servers[@]}"; do
            read -r instructions allocations <<<"$(measure "$server" "$size" "$kind")"
            spent[$server]=$instructions
            printf ' %8.0f [%4.1f]' "$instructions" "$allocations"
        done
        awk -v w="${spent[weft]}" -v a="${spent[weft_any]}" -v t="${spent[beast_tuned]}" \
            -v b="${spent[beast]}" 'BEGIN { printf "  %5.2f %5.2f\n", t / w, b / a }'
    done
done
