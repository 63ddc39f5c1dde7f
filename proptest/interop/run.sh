#!/usr/bin/env bash
# weft against implementations that others wrote, over loopback TCP: each of their clients holds the conversation (conversation.txt)
# with weft's server, and weft's client with each of their servers. Each of their clients also talks to its own server, as a
# control: if that fails, the fault isn't weft's. And weft talks through HAProxy, an HTTP proxy, which forwards the handshake
# in its own words and the rest in its own pieces.
#
#   run.sh <build-dir>              the whole
#   run.sh <build-dir> --selftest   only theirs with theirs, each with each; weft is neither built nor run
#
# Nothing is skipped: what is missing is installed, and what can't be installed is a failure.
set -uo pipefail
export LC_ALL=C.UTF-8 # one order for sort and comm, one decimal point
here=$(cd "$(dirname "$0")" && pwd)

die() { echo "interop: $*" >&2; echo "interop: 0 passed, 1 failed"; exit 1; }

[[ $# == 1 || ($# == 2 && $2 == --selftest) ]] || die "usage: run.sh <build-dir> [--selftest]"
mkdir -p "$1" && build=$(cd "$1" && pwd) || die "no folder $1"
selftest=${2:-}

# --- what the peers need ---------------------------------------------------------------------------------------------------------

# need <Debian package> <command that succeeds when it is there>...
need() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 && return
    if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
        echo "installing $package"
        apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 \
            || { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$package"; } >/dev/null 2>&1
    fi
    "$@" >/dev/null 2>&1 || die "$package is missing, and couldn't be installed ($* fails)"
}

# The interpreter that comes first on the path may be another than the one that Debian's packages serve.
find_python() {
    local each
    for each in python3 /usr/bin/python3; do
        "$each" -c 'import websockets.server' 2>/dev/null && python=$each && return
    done
    return 1
}

# Debian keeps it where an ordinary user's path doesn't look.
find_haproxy() {
    haproxy=$(PATH=$PATH:/usr/sbin command -v haproxy)
}

need cmake cmake --version
need pkg-config pkg-config --version
need libwebsockets-dev pkg-config --exists libwebsockets
need libboost1.81-dev test -e /usr/include/boost/beast.hpp
need python3-websockets find_python
need haproxy find_haproxy
need nodejs node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' # what playwright-core asks for
need npm npm --version
need chromium test -x "${CHROMIUM:-/usr/bin/chromium}"

# The scripts are copied beside what npm installs, since an import looks for its package from the script's own folder upwards.
# No lock file is written: it would name the registry's host.
node_dir=$build/interop/node
mkdir -p "$node_dir"
if ! cmp -s "$here/package.json" "$node_dir/installed.json"; then
    cp "$here/package.json" "$node_dir/"
    (cd "$node_dir" && npm install --no-package-lock --no-audit --no-fund --silent) \
        || die "npm couldn't install what package.json names"
    cp "$here/package.json" "$node_dir/installed.json" # last, so that half an installation doesn't count
fi
cp "$here"/*.mjs "$node_dir/"

# --- build -----------------------------------------------------------------------------------------------------------------------

# The page's server comes from the project's own build: see ./dev test.
playground=${PLAYGROUND:-$here/../../build/dev/examples/playground}
[[ $selftest || -x $playground ]] || die "the playground isn't built: cmake --preset dev && cmake --build build/dev --target playground"

targets=(beast_echo_server beast_client lws_echo_server lws_client)
[[ $selftest ]] || targets+=(weft_echo_server weft_client)
# A configured build folder of the project keeps its settings (sanitizers, compiler); any other is configured for this folder alone.
if [[ -e $build/CMakeCache.txt ]]; then
    configure=(cmake "$build")
else
    configure=(cmake -S "$here" -B "$build" -DCMAKE_BUILD_TYPE=Release)
fi
{ "${configure[@]}" && cmake --build "$build" -j "${JOBS:-1}" --target "${targets[@]}"; } \
    >"$build/interop/build.log" 2>&1 || { tail -n 30 "$build/interop/build.log" >&2; die "the peers don't build"; }

# --- the peers -------------------------------------------------------------------------------------------------------------------

bin=$build/interop
declare -A server=(
    [websockets]="$python $here/websockets_echo_server.py"
    [ws]="node $node_dir/ws_echo_server.mjs"
    [libwebsockets]="$bin/lws_echo_server"
    [beast]="$bin/beast_echo_server"
    [weft]="$bin/weft_echo_server"
)
declare -A client=(
    [websockets]="$python $here/websockets_client.py"
    [ws]="node $node_dir/ws_client.mjs"
    [libwebsockets]="$bin/lws_client"
    [beast]="$bin/beast_client"
    [chromium]="node $node_dir/chromium.mjs"
    [weft]="$bin/weft_client"
)
peers=(websockets ws libwebsockets beast)

# --- one pair --------------------------------------------------------------------------------------------------------------------

passed=0 failed=0 server_pid='' proxy_pid=''
trap '[[ $server_pid$proxy_pid ]] && kill $server_pid $proxy_pid 2>/dev/null' EXIT
errors=$build/interop/errors.log
: >"$errors"

# The cases that a client has to report, and those that it did report.
expected_cases() { awk -v without="!$1" '!/^#/ && NF { for (i = 2; i <= NF; ++i) if ($i == without) next; print $1 }' "$here/conversation.txt" | sort; }
reported_cases() { sed -nE 's/^(ok|FAIL) ([^:]+).*/\2/p' | sort; }

# Starts the proxy between a port of its own, which it puts into `port`, and the one that is there.
start_proxy() {
    local to=$port
    port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    {
        # Whoever isn't root is an ordinary user already.
        [[ $(id -u) != 0 ]] || printf 'global\n user nobody\n group nogroup\n'
        cat <<CONFIG
defaults
 mode http
 timeout connect 5s
 timeout client 5s
 timeout server 5s
listen proxy
 bind 127.0.0.1:$port
 server behind 127.0.0.1:$to
CONFIG
    } >"$build/interop/haproxy.cfg"
    "$haproxy" -db -f "$build/interop/haproxy.cfg" >>"$errors" 2>&1 &
    proxy_pid=$!
    for _ in {1..100}; do
        (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return
        sleep 0.05
    done
}

# hold <server> <client> [proxy]
hold() {
    local lines status port='' word out began=$EPOCHREALTIME budget=$((80 - SECONDS))
    exec {out}< <(exec ${server[$1]} 2>>"$errors")
    server_pid=$!
    read -t 10 -r word port <&"$out"
    if [[ $word == listening && $port ]]; then
        [[ ! ${3-} ]] || start_proxy
        # shellcheck disable=SC2086 # a command and its arguments
        lines=$(timeout "$((budget > 20 ? 20 : budget > 1 ? budget : 1))" ${client[$2]} "ws://127.0.0.1:$port/" 2>>"$errors")
        status=$?
        # A client that reports nothing bad and yet ends badly: a crash, a sanitizer, the time limit.
        [[ $status == 0 || $lines == *FAIL* ]] || lines+=$'\n'"FAIL client: exit status $status"
        sleep 0.1 # the server judges a connection a moment after the client has left it
    else
        lines="FAIL server: it doesn't listen"
    fi
    kill "$server_pid" 2>/dev/null || lines+=$'\nFAIL server: it died'
    if [[ ${3-} ]]; then
        kill "$proxy_pid" 2>/dev/null || lines+=$'\nFAIL proxy: it died'
        wait "$proxy_pid" 2>/dev/null
        proxy_pid=
    fi
    lines+=$'\n'$(grep '^FAIL' <&"$out")
    exec {out}<&-
    server_pid=
    local missing
    missing=$(comm -23 <(expected_cases "$2") <(reported_cases <<<"$lines") | sed 's/.*/FAIL &: no report/')
    lines+=$'\n'$missing
    local unknown
    unknown=$(comm -13 <(expected_cases "$2") <(sed -n 's/^ok //p' <<<"$lines" | sort) | sed 's/.*/FAIL &: conversation.txt has no such case/')
    lines+=$'\n'$unknown

    local ok bad
    ok=$(grep -c '^ok ' <<<"$lines")
    bad=$(grep -c '^FAIL ' <<<"$lines")
    passed=$((passed + ok)) failed=$((failed + bad))
    printf '%-14s %-14s %4d %7d %8.1f\n' "$2" "${3:+$3, }$1" "$ok" "$bad" "$(awk "BEGIN { print $EPOCHREALTIME - $began }")"
    grep '^FAIL ' <<<"$lines" | sed 's/^/    /'
}

SECONDS=0
printf '%-14s %-14s %4s %7s %8s\n' client server ok failed seconds
if [[ $selftest ]]; then
    for c in "${peers[@]}" chromium; do
        for s in "${peers[@]}"; do hold "$s" "$c"; done
    done
else
    for c in "${peers[@]}" chromium; do hold weft "$c"; done
    for s in "${peers[@]}"; do hold "$s" weft; done
    for both in "${peers[@]}" weft; do hold "$both" "$both"; done
    hold ws ws proxy # the control
    hold weft weft proxy
    hold weft ws proxy
    hold ws weft proxy
fi
# The example that a person meets first, driven by a browser on each of its deployments.
visit_playground() {
    local began=$EPOCHREALTIME out lines url='' ok bad
    exec {out}< <(exec "$playground" --port 0 2>>"$errors")
    server_pid=$!
    read -t 10 -r lines <&"$out"
    url=$(grep -oE 'http://[0-9.:]+/' <<<"$lines")
    lines=$(timeout 60 node "$node_dir/playground.mjs" "$url" 2>>"$errors") || lines+=$'\nFAIL playground: its visitor ended badly'
    kill "$server_pid" 2>/dev/null || lines+=$'\nFAIL playground: it died'
    exec {out}<&-
    server_pid=
    ok=$(grep -c '^ok ' <<<"$lines")
    bad=$(grep -c '^FAIL ' <<<"$lines")
    passed=$((passed + ok)) failed=$((failed + bad))
    printf '%-14s %-14s %4d %7d %8.1f\n' chromium playground "$ok" "$bad" "$(awk "BEGIN { print $EPOCHREALTIME - $began }")"
    grep '^FAIL ' <<<"$lines" | sed 's/^/    /'
}
[[ $selftest ]] || visit_playground
[[ $failed == 0 ]] || echo "what the peers said on stderr: $errors"
echo "interop: $passed passed, $failed failed"
[[ $failed == 0 && $passed != 0 ]]
