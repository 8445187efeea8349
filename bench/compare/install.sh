#!/usr/bin/env bash
# Lays the peers of compare.py, in the versions named here, into build/peers/NAME.
#   bench/compare/install.sh [rsyslog|syslog-ng|mtail|goaccess|otelcol]...      without a name: all
# Debian's are unpacked, not installed: the machine's packages stay as they are, and no service can
# start. The collector is compiled from Go modules, which takes some minutes. kcat is the machine's own.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
source scripts/own_apt.sh
peers=$PWD/build/peers
jobs=${JOBS:-2} # of the compiler
collector=v0.165.0

declare -A packages=(
  [rsyslog]="rsyslog=8.2302.0-1+deb12u2 rsyslog-kafka=8.2302.0-1+deb12u2"
  [syslog-ng]="syslog-ng-core=3.38.1-5+deb12u1 syslog-ng-mod-rdkafka=3.38.1-5+deb12u1"
  [mtail]="mtail=3.0.0~rc50-1+b6"
  [goaccess]="goaccess=1:1.7-1"
)

fail() {
  echo "install.sh: $1" >&2
  exit 1
}

# Packages and those of their libraries that the machine lacks.
install_debian() {
  local peer=$1 package
  rm -f "$apt_state"/archives/*.deb
  # shellcheck disable=SC2086  # a list
  own_apt "$apt_state" --yes --no-install-recommends --reinstall --download-only install \
    ${packages[$peer]} >&2 || fail "$peer: not to be had as ${packages[$peer]}; see apt-cache policy"
  mkdir -p "$peers/$peer.part"
  for package in "$apt_state"/archives/*.deb; do
    dpkg-deb --extract "$package" "$peers/$peer.part"
  done
}

install_collector() {
  command -v go >/dev/null || fail "otelcol: needs go; name the others to go without it"
  mkdir -p "$peers/otelcol.part"
  GOBIN=$apt_state go install -p "$jobs" go.opentelemetry.io/collector/cmd/builder@"$collector"
  (cd "$peers/otelcol.part" && GOFLAGS="-buildvcs=false -p=$jobs" "$apt_state"/builder \
    --config "$here/peers/otelcol_builder.yaml") >&2
}

apt_state=$(mktemp -d)
trap 'rm -rf "$apt_state"' EXIT
own_apt_state "$apt_state"
cp /var/lib/dpkg/status "$apt_state"/status
own_apt "$apt_state" update >&2

(($#)) || set -- "${!packages[@]}" otelcol
for peer in "$@"; do
  rm -rf "$peers/$peer.part"
  if [[ $peer == otelcol ]]; then
    install_collector
  elif [[ -v packages[$peer] ]]; then
    install_debian "$peer"
  else
    fail "no peer is called '$peer' (${!packages[*]} otelcol)"
  fi
  rm -rf "${peers:?}/$peer"
  mv "$peers/$peer.part" "$peers/$peer"
  echo "$peer: installed in build/peers/$peer"
done
