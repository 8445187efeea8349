#!/usr/bin/env bash
# See routerate at work: see usage below.
set -euo pipefail
cd "$(dirname "$0")"

usage() {
  cat <<'TEXT'
usage: ./demo.sh [--seconds N] [--kafka HOST:PORT]

Installs what is missing, builds routerate, sends nginx- and tomcat-style traffic through agent,
broker and aggregator, and shows the rate of each route. At the end it compares the lines written
with the requests counted and exits 0 when they are equal.

  --seconds N        end after N seconds; without it Ctrl-C ends the demo
  --kafka HOST:PORT  use this Kafka (and a new topic in it), not the broker inside the aggregator
TEXT
}

fail() {
  printf 'demo.sh: %s\n\n' "$1" >&2
  usage >&2
  exit 2
}

options=()
while (($#)); do
  case $1 in
    --help | -h)
      usage
      exit 0
      ;;
    --seconds)
      [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || fail "--seconds wants a whole number, not '${2:-}'"
      ;;
    --kafka)
      [[ ${2:-} =~ ^[^:]+:[0-9]+$ ]] || fail "--kafka wants HOST:PORT, not '${2:-}'"
      ;;
    *) fail "unknown option '$1'" ;;
  esac
  options+=("$1" "$2")
  shift 2
done

echo "== packages"
scripts/install_packages.sh build
echo "== build (the first time takes some minutes)"
cmake --preset release >/dev/null
cmake --build --preset release
echo "== demo"
exec python3 -B scripts/demo.py --build build/release "${options[@]}"
