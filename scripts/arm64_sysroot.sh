#!/usr/bin/env bash
# Makes a folder with Debian's arm64 libraries and headers, to cross-compile and to run programs with.
#   scripts/arm64_sysroot.sh FOLDER
# The packages are unpacked there, not installed: some -dev packages exist on a machine for one
# architecture only, and would replace the native ones. apt gets a state of its own, so neither root
# nor a foreign architecture is needed. Does nothing if the folder is as it should be.
set -euo pipefail
source "$(dirname "$0")"/own_apt.sh

packages=(
  libc6-dev libstdc++-12-dev libboost1.81-dev libboost-json1.81-dev libcli11-dev libfmt-dev
  libspdlog-dev libsimdjson-dev libre2-dev librdkafka-dev libssl-dev libxxhash-dev
  libyaml-cpp-dev prometheus-cpp-dev zlib1g-dev catch2
)

folder=${1:?usage: arm64_sysroot.sh FOLDER}
made_of=$folder/.packages # written last
if [[ -e $made_of && $(<"$made_of") == "${packages[*]}" ]]; then
  echo "arm64 sysroot: there already"
  exit 0
fi

rm -rf "$folder"
mkdir -p "$folder"
folder=$(realpath "$folder")
apt_state=$(mktemp -d)
trap 'rm -rf "$apt_state"' EXIT
own_apt_state "$apt_state"
arm64_apt() {
  own_apt "$apt_state" -o APT::Architecture=arm64 -o APT::Architectures=arm64 "$@"
}

arm64_apt update
arm64_apt --yes --no-install-recommends --download-only install "${packages[@]}"
for package in "$apt_state"/archives/*.deb; do
  dpkg-deb --extract "$package" "$folder"
done

# An absolute link would lead out of the folder.
find "$folder" -type l -lname '/*' -print0 | while IFS= read -r -d '' link; do
  ln -sfn "$(realpath -m --relative-to="$(dirname "$link")" "$folder$(readlink "$link")")" "$link"
done
echo "${packages[*]}" >"$made_of"
