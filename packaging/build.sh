#!/usr/bin/env bash
# Makes what is shipped: the release build, its Debian packages and the image's root file system, in
# build/packages. Files have the time SOURCE_DATE_EPOCH, by default that of the last commit.
set -euo pipefail
cd "$(dirname "$0")/.."
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}

cmake --preset release
cmake --build --preset release --target routerate-agent routerate-aggregator manual_pages
rm -rf build/packages
cpack --preset release
packaging/rootfs.sh build/packages/rootfs build/packages/*.deb
