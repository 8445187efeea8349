#!/usr/bin/env bash
# Makes the image's root file system of Debian packages alone: as FOLDER, and as FOLDER.tar.
#   packaging/rootfs.sh FOLDER PACKAGE.deb...
# It holds the packages, the libraries that they depend on, and authorities for TLS; no shell, no
# package manager. Packages are unpacked, not installed: their scripts would need both. All times are
# SOURCE_DATE_EPOCH (0), so the same packages make the same bytes.
set -euo pipefail
export LC_ALL=C
umask 022

# Count as installed, and so stay out: what the first two configure is written here, and the last is
# for servers that keep passwords.
left_out=(debconf openssl libsasl2-modules-db)
user=65532 # as in packaging/Dockerfile

usage='usage: packaging/rootfs.sh FOLDER PACKAGE.deb...'
folder=${1:?$usage}
: "${2:?$usage}"
((EUID == 0)) || exec fakeroot -- "$0" "$@"
source "$(dirname "$0")"/../scripts/own_apt.sh
mapfile -t packages < <(realpath -- "${@:2}")
rm -rf "$folder" "$folder".tar
mkdir -p "$folder"
folder=$(realpath "$folder")

apt_state=$(mktemp -d)
trap 'rm -rf "$apt_state"' EXIT
own_apt_state "$apt_state"
printf '%s\nStatus: install ok installed\nArchitecture: all\nVersion: 999\nMaintainer: -\nDescription: -\n\n' \
  "${left_out[@]/#/Package: }" >"$apt_state"/status
own_apt "$apt_state" update
own_apt "$apt_state" --yes --no-install-recommends --download-only install ca-certificates "${packages[@]}"

cd "$folder"
mkdir -p var/lib/dpkg/status.d # says to scanners of images what is inside
for package in "$apt_state"/archives/*.deb "${packages[@]}"; do
  dpkg-deb --extract "$package" .
  dpkg-deb --field "$package" >"var/lib/dpkg/status.d/$(dpkg-deb --field "$package" Package)"
done

mkdir -p usr/lib/ssl
sed -e '$a\' usr/share/ca-certificates/mozilla/*.crt >etc/ssl/certs/ca-certificates.crt
ln -s /etc/ssl/certs/ca-certificates.crt usr/lib/ssl/cert.pem # where OpenSSL looks by itself

# Character sets that nobody asks for, what is systemd's, what prepares authorities; of all that is
# for people licences stay.
rm -r usr/lib/*/gconv usr/lib/systemd usr/sbin etc/ca-certificates
find usr/share -type f ! -name copyright -delete
find usr/share -type d -empty -delete

install -m 644 /etc/os-release etc/os-release
printf '%s\n' 'root:x:0:0:root:/:/sbin/nologin' "routerate:x:$user:$user:routerate:/:/sbin/nologin" >etc/passwd
printf '%s\n' 'root:x:0:' "routerate:x:$user:" >etc/group
echo 'hosts: files dns' >etc/nsswitch.conf
mkdir -p dev proc sys run logs etc/podinfo etc/routerate/kafka # what a runtime and pods mount
install -d -m 1777 tmp
install -d -o "$user" -g "$user" -m 750 var/lib/routerate

find . -exec touch --no-dereference --date="@${SOURCE_DATE_EPOCH:-0}" {} +
tar --create --file="$folder".tar --sort=name --numeric-owner --format=gnu .
