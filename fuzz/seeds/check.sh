#!/usr/bin/env bash
# The seeds that a script describes are what the script writes. Others may stand beside them: what
# `./dev fuzz` has found.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
written=$(mktemp -d)
trap 'rm -rf "$written"' EXIT
count=0
for script in "$here"/*.py; do
    seeds=${script%.py}
    rm -rf "${written:?}"/*
    python3 "$script" "$written"
    for seed in "$written"/*; do
        if ! cmp -s "$seed" "$seeds/${seed##*/}"; then
            echo "${seeds##*/}/${seed##*/} is not what ${script##*/} writes"
            exit 1
        fi
        count=$((count + 1))
    done
done
echo "$count seeds"
((count > 0))
