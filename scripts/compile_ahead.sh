#!/usr/bin/env bash
# Compiles presets behind everything else that runs.
#
#   setsid scripts/compile_ahead.sh PRESET...
#
# A session of its own, since it is sessions that the kernel weighs against each other
# (sched(7), autogroup), and nice within one.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/steps.sh

[[ ! -w /proc/self/autogroup ]] || echo 19 >/proc/self/autogroup
renice -n 19 $$ >/dev/null
CMAKE_BUILD_PARALLEL_LEVEL=$(nproc)
export CMAKE_BUILD_PARALLEL_LEVEL
for preset in "$@"; do
  build_preset "$preset"
done
