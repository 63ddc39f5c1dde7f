#!/usr/bin/env bash
# floors.sh [root]         the rules of the house, read from the text of include/weft
# floors.sh --self-test    each rule must catch the violation that is planted for it
#
# Includes point down the floors only, and no floor below the stream knows Asio. Prints every
# violation and a summary.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

check() ( # root
    cd "$1"
    # shellcheck disable=SC2016 # the dollars are awk's
    find include/weft -name '*.hpp' -print0 | sort -z | xargs -0 -r awk '
        BEGIN {
            line_count_max = 250
            may["wire"] = "wire"
            may["policy"] = may["kernel"] = "wire policy kernel"
            may["protocol"] = may["handshake"] = may["deflate"] = \
                may["policy"] " protocol handshake deflate"
            may["stream"] = may["protocol"] " stream"
            may["(door)"] = may["stream"] " (door)"
            may["test"] = may["(door)"] " test"
        }
        function room(path,    part) {          # weft/wire/x.hpp is in wire, weft/x.hpp is the door
            return split(path, part, "/") > 2 ? part[2] : "(door)"
        }
        function report(what) {
            printf "%s:%d: %s\n", FILENAME, FNR, what
            violations++
        }
        FNR == 1 {
            headers++
            path = FILENAME
            sub(/^include\//, "", path)
            here = room(path)
            sans_io = here ~ /^(wire|policy|kernel|protocol|handshake|deflate)$/
            if (!(here in may))
                report("the folder " here " has no floor")
        }
        FNR == line_count_max + 1 { report("more than " line_count_max " lines") }
        { sub(/\/\/.*/, "") }                   # a comment may name what the code may not
        sans_io && /boost(\/|::)(asio|beast)/ { report("knows Asio or Beast") }
        !/^[ \t]*#[ \t]*include[ \t]*[<"]/ { next }
        {
            target = $0
            sub(/^[^<"]*[<"]/, "", target)
            sub(/[>"].*/, "", target)
        }
        /"/ && target !~ /^weft\// { report("include it from the root, as <weft/…>: " target) }
        target ~ /^weft\// && (here in may) {
            there = room(target)
            if (!index(" " may[here] " ", " " there " "))
                report(here " may not include " there ": " target)
        }
        target == "boost/hana.hpp" { report("fine headers only: " target) }
        target ~ /^boost\/hana/ && path != "weft/policy/compose.hpp" && here != "test" {
            report("Hana belongs to policy/compose.hpp and the test matrix: " target)
        }
        END {
            printf "%d headers, %d violations\n", headers, violations
            exit violations > 0
        }'
)

self_test() {
    local wrong=0
    folder=$(mktemp -d) # not local: the trap outlives this function
    trap 'rm -rf "$folder"' EXIT

    plant() { # caught|allowed, header, text
        local verdict=allowed
        rm -rf "$folder/include"
        mkdir -p "$folder/include/weft/$(dirname "$2")"
        printf '%b\n' "$3" >"$folder/include/weft/$2"
        check "$folder" >"$folder/said" || verdict=caught
        if [[ $verdict != "$1" ]]; then
            echo "FAILED: $verdict, not $1: $2: ${3:0:60}"
            wrong=1
        fi
    }
    plant allowed wire/a.hpp '#include <weft/wire/b.hpp>\n#include <cstddef> // not <boost/asio.hpp>'
    plant allowed policy/compose.hpp '#include <boost/hana/map.hpp>'
    plant allowed protocol/a.hpp '#include "weft/kernel/b.hpp"'
    plant allowed stream/a.hpp '#include <boost/asio/buffer.hpp>\n#include <weft/handshake/b.hpp>'
    plant allowed weft.hpp '#include <weft/stream/a.hpp>'
    plant allowed test/a.hpp '#include <weft/weft.hpp>\n#include <boost/hana/for_each.hpp>'
    plant allowed wire/a.hpp "$(printf '%.0s\\n' {1..249})"
    plant caught wire/a.hpp '#include <weft/policy/b.hpp>'
    plant caught kernel/a.hpp '#include <weft/protocol/b.hpp>'
    plant caught handshake/a.hpp '  #  include <weft/stream/b.hpp>'
    plant caught stream/a.hpp '#include <weft/test/b.hpp>'
    plant caught weft.hpp '#include <weft/test/b.hpp>'
    plant caught wire/a.hpp '#include <weft/weft.hpp>'
    plant caught wire/a.hpp '#include <boost/asio/buffer.hpp>'
    plant caught policy/a.hpp 'void f(boost::asio::io_context&);'
    plant caught protocol/a.hpp '#include <boost/beast/core.hpp>'
    plant caught policy/a.hpp '#include <boost/hana/map.hpp>'
    plant caught policy/compose.hpp '#include <boost/hana.hpp>'
    plant caught wire/a.hpp '#include "../stream/b.hpp"'
    plant caught attic/a.hpp '#include <cstddef>'
    plant caught wire/a.hpp "$(printf '%.0s\\n' {1..250})"
    return $wrong
}

if [[ ${1-} == --self-test ]]; then
    self_test
else
    check "${1-$here/..}"
fi
