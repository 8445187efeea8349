#!/usr/bin/env bash
# Becomes a machine's systemd, process 1 of new namespaces: tests/packaging/machine.py starts it.
#   machine_boot.sh FOLDER SHARED
# Its files are an overlay over this machine's, in memory, below FOLDER; what is below SHARED is seen
# there in its place. Its network is this machine's.
set -euo pipefail
folder=$1 shared=$2

mount -t tmpfs machine "$folder"
mkdir "$folder"/{upper,work,root}
mount -t overlay -o lowerdir=/,upperdir="$folder"/upper,workdir="$folder"/work machine "$folder"/root
cd "$folder"/root

mount -t proc proc proc
mount -t tmpfs -o mode=755 machine dev
cp --archive /dev/{null,zero,full,random,urandom,tty} dev
ln -s pts/ptmx dev/ptmx
mount -t tmpfs -o mode=755 machine run
mount -t tmpfs -o mode=1777 machine tmp
mkdir -p ".$shared"
mount --bind "$shared" ".$shared"
mount -t sysfs -o ro sysfs sys
mount -t tmpfs machine sys/fs/cgroup 2>/dev/null
mount -t cgroup2 cgroup2 sys/fs/cgroup

# Nothing that this machine starts or mounts; what services print goes to files.
rm -f etc/fstab lib/systemd/system-generators/*
find etc/systemd/system lib/systemd/system -path '*.wants/*' -delete
mkdir -p etc/systemd/system/service.d
printf '[Service]\nStandardOutput=append:/run/%%N.log\nStandardError=append:/run/%%N.log\n' \
  >etc/systemd/system/service.d/output.conf
exec chroot . /usr/bin/env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --unit=basic.target
