#!/usr/bin/env bash
# Runs a program inside a root file system as a careful cluster runs the image: the root is
# read-only, the user is 65532 (or ROOTFS_USER) without capabilities, the program is process 1. The
# network is the machine's, so loopback joins programs.
#   packaging/run_in_rootfs.sh ROOTFS [BWRAP_OPTION...] -- PROGRAM [ARGUMENT...]
# For instance: ... build/packages/rootfs --ro-bind /var/log/nginx /logs -- routerate-agent --version
set -euo pipefail

rootfs=${1:?usage: packaging/run_in_rootfs.sh ROOTFS [BWRAP_OPTION...] -- PROGRAM [ARGUMENT...]}
shift
user=${ROOTFS_USER:-65532}
# Root would be the user inside by another name, and own what it must not write.
as_user=()
((EUID != 0)) || as_user=(setpriv --reuid="$user" --regid="$user" --clear-groups)
exec "${as_user[@]}" bwrap --unshare-user --unshare-ipc --unshare-pid --unshare-uts --as-pid-1 \
  --die-with-parent --uid "$user" --gid "$user" --cap-drop ALL --clearenv --setenv PATH /usr/bin \
  --ro-bind "$rootfs" / --proc /proc --dev /dev --tmpfs /tmp --tmpfs /var/lib/routerate "$@"
