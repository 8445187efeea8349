#!/usr/bin/env bash
# Installs the Debian packages that are missing, and only those.
#   scripts/install_packages.sh build               what ./demo.sh needs: compiler, libraries, python, curl
#   scripts/install_packages.sh build package       ... packaging/build.sh: what makes Debian packages
#   scripts/install_packages.sh build package test  ... ./test.sh
# Packages' own scripts start no service: nginx and prometheus are wanted as programs only.
set -euo pipefail

build_packages=(
  g++ cmake ninja-build ccache pkg-config
  libboost1.81-dev libboost-json1.81-dev libcli11-dev libfmt-dev libspdlog-dev libsimdjson-dev
  libre2-dev librdkafka-dev libssl-dev libxxhash-dev libyaml-cpp-dev prometheus-cpp-dev zlib1g-dev
  catch2 python3 curl
)
package_packages=(dpkg-dev file fakeroot)
test_packages=(
  clang-format clang-tidy-19 clang-19 libclang-rt-19-dev
  nginx-light logrotate kcat wrk prometheus fuse3 python3-pyfuse3
  jq bsdextrautils csvkit python3-yaml man-db zsh fish
  openjdk-17-jre-headless maven
  qemu-user g++-aarch64-linux-gnu
  python3-pip
  bubblewrap systemd
  chromium chromium-driver python3-selenium fonts-dejavu-core
)
services=(nginx.service prometheus.service logrotate.timer) # what the packages above would run

missing() {
  local package
  for package in "$@"; do
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
      echo "$package"
  done
}

fail() {
  echo "install_packages.sh: $1" >&2
  exit 1
}

wanted=()
for set in "$@"; do
  case $set in
    build) wanted+=("${build_packages[@]}") ;;
    package) wanted+=("${package_packages[@]}") ;;
    test) wanted+=("${test_packages[@]}") ;;
    *) fail "no set of packages is called '$set' (build, package, test)" ;;
  esac
done
command -v dpkg-query >/dev/null || fail "this is not Debian; install these yourself: ${wanted[*]}"
mapfile -t packages < <(missing "${wanted[@]}")
if ((${#packages[@]} == 0)); then
  echo "packages: nothing to install"
  exit 0
fi

as_root=()
if ((EUID != 0)); then
  command -v sudo >/dev/null ||
    fail "run as root or install sudo; missing packages: ${packages[*]}"
  as_root=(sudo)
fi

# invoke-rc.d and deb-systemd-invoke ask policy-rc.d before they start anything; 101 means no.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
fi

new_services=()
for service in "${services[@]}"; do
  [[ -z $(missing "${service%.*}") ]] || new_services+=("$service")
done
echo "packages: installing ${packages[*]}"
"${as_root[@]}" apt-get -q update
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
  apt-get -q -y --no-install-recommends install "${packages[@]}"

# A service that came with a package of ours stays off at the next boot, too.
command -v systemctl >/dev/null || exit 0
for service in "${new_services[@]}"; do
  [[ -n $(missing "${service%.*}") ]] || "${as_root[@]}" systemctl --quiet disable "$service"
done
