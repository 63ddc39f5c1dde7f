#!/usr/bin/env bash
# Every test that doc/contract.md names as `program:test`, or `program`, exists.
set -euo pipefail
cd "$(dirname "$0")/.."

count=0
missing=0
while IFS= read -r reference; do
    count=$((count + 1))
    program=proptest/${reference%%:*}.cpp
    name=${reference#*:}
    if [[ ! -f $program ]] ||
        { [[ $reference == *:* ]] && ! grep -qE "(^|[ ,(])$name[,)]" "$program"; }; then
        echo "doc/contract.md names a test that does not exist: $reference"
        missing=$((missing + 1))
    fi
done < <(grep -oE '`[a-z_]+/[a-z0-9_]+(:[A-Za-z0-9_]+)?`' doc/contract.md | tr -d '`' | sort -u)
echo "$count references"
((count > 50 && missing == 0))
