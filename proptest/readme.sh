#!/usr/bin/env bash
# The README's first example is the first example: each of its lines stands in the program, in order.
set -euo pipefail
cd "$(dirname "$0")/.."

program=examples/1_echo_server.cpp
at=0
count=0
while IFS= read -r line; do
    [[ -n $line && $line != '#include'* ]] || continue
    found=$(awk -v from="$at" -v line="$line" 'NR > from && $0 == line { print NR; exit }' "$program")
    if [[ -z $found ]]; then
        echo "README.md's example has a line that $program lacks, or has elsewhere: $line"
        exit 1
    fi
    at=$found
    count=$((count + 1))
done < <(awk '/^```cpp$/ { on = 1; next } /^```$/ { if (on) exit } on' README.md)
echo "$count lines"
((count > 10))
