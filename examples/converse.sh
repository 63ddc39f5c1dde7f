#!/usr/bin/env bash
# converse.sh <server> <client>: starts the echo server on a free port, lets the client talk to it
# and to a peer that talks nonsense first, and ends the server.
set -euo pipefail
exec {server}< <(exec "$1" 0)
pid=$!
trap 'kill "$pid"' EXIT
read -r -t 20 url <&"$server"
[[ $url =~ ^ws://([0-9.]+):([0-9]+)/$ ]]
host=${BASH_REMATCH[1]} port=${BASH_REMATCH[2]}

# A client that breaks the rules ends its own connection and no other.
exec {peer}<>"/dev/tcp/$host/$port"
printf 'nonsense\r\n\r\n' >&"$peer"
read -r -t 20 status <&"$peer"
[[ $status == 'HTTP/1.1 4'* ]]

answer=$(timeout 60 "$2" "$host" "$port" 'warp' 'weft 漢😀')
[[ $answer == $'warp\nweft 漢😀\nclosed: 1000' ]]
