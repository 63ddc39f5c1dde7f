#!/usr/bin/env bash
# What it costs to compile an echo server: user seconds and the compiler's memory, for the first
# example, the same with Beast, and one without WebSocket. Medians of interleaved runs.
# compile_time.sh [runs]; CXX chooses the compiler.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
runs=${1:-3}
compile=("${CXX:-g++}" -std=c++20 -O2 -DNDEBUG -I"$here/../include" -c)
names=(asio weft beast)
declare -A source=([asio]=$here/peers/asio_echo.cpp [weft]=$here/../examples/1_echo_server.cpp
    [beast]=$here/peers/beast_echo.cpp)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for ((i = 0; i < runs; ++i)); do
    for name in "${names[@]}"; do
        command time -f '%U %M' -a -o "$scratch/$name" \
            "${compile[@]}" "${source[$name]}" -o "$scratch/$name.o"
    done
done

median() { # name column
    cut -d ' ' -f "$2" "$scratch/$1" | sort -g | sed -n "$(((runs + 1) / 2))p"
}

base=$(median asio 1)
printf '%s, %d runs\n%-6s %12s %14s %10s\n' "${compile[*]:0:4}" "$runs" echo 'user seconds' \
    'ratio to asio' 'peak MB'
for name in "${names[@]}"; do
    awk -v name="$name" -v seconds="$(median "$name" 1)" -v kb="$(median "$name" 2)" -v base="$base" \
        'BEGIN { printf "%-6s %12.2f %14.2f %10.0f\n", name, seconds, seconds / base, kb / 1024 }'
done
