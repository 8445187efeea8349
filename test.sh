#!/usr/bin/env bash
# All tests of routerate: see usage below. Long output goes to build/logs.
set -euo pipefail
cd "$(dirname "$0")"
source scripts/steps.sh

all_stages=(packages format build unit tidy cpus e2e asan tsan fuzz arm64)
fast_stages=(packages format build unit)

usage() {
  cat <<TEXT
usage: ./test.sh [--fast] [stage...]

Runs the stages named, or all of them: ${all_stages[*]}
  --fast   only ${fast_stages[*]}

  packages  install what is missing
  format    clang-format finds nothing
  build     programs and tests, preset dev
  unit      unit tests, goldens, the test of the tree
  tidy      clang-tidy's bug checks
  cpus      the agent as released on emulated x86-64 processors, old ones too
  e2e       the programs with a real Kafka and a real nginx, and the demo
  asan      unit tests and a pipeline with the sanitizers address and undefined
  tsan      tests with several threads and a pipeline with the sanitizer thread
  fuzz      libFuzzer targets: their seeds, then FUZZ_SECONDS each (5) of new inputs
  arm64     programs and parsers' tests, cross-compiled and emulated
TEXT
}

stage_packages() { scripts/install_packages.sh build package test; }
stage_format() {
  git ls-files --cached --others --exclude-standard -z '*.cc' '*.h' |
    xargs -0 clang-format --dry-run -Werror
}
stage_build() { build_preset dev; }
# Tests over Kafka wait for it most of the time.
stage_unit() { ctest --preset dev --label-exclude e2e -j 4; }
stage_tidy() { python3 -B scripts/tidy.py build/dev; }
stage_cpus() {
  tests/cpus/merged_functions.py --self-test &&
    build_preset release routerate-agent &&
    tests/cpus/merged_functions.py build/release &&
    tests/cpus/emulated_cpus.py build/release/agent/routerate-agent
}
# Its tests wait most of the time, so the presets of stages to come are compiled beside them. What
# fails in that fails again, and is told, in its own stage.
stage_e2e() {
  local ahead=() preset result=0
  for preset in asan tsan fuzz; do
    [[ " ${stages[*]} " != *" e2e "*"$preset "* ]] || ahead+=("$preset")
  done
  tests/kubernetes/build.sh --toolchain
  setsid scripts/compile_ahead.sh "${ahead[@]}" >"$log_dir/ahead.log" 2>&1 &
  ctest --preset dev --label-regex e2e -j 2 || result=1
  wait
  return "$result"
}
stage_asan() { build_preset asan && ctest --preset asan -j 4; }
stage_tsan() { build_preset tsan && ctest --preset tsan -j 4; }
stage_fuzz() { tests/fuzz/run.sh "${FUZZ_SECONDS:-5}"; }
stage_arm64() {
  local sysroot=build/arm64-sysroot test
  scripts/arm64_sysroot.sh "$sysroot" || return
  build_preset arm64 routerate-agent routerate-aggregator parsers_tests allocation_tests || return
  for test in parsers_tests allocation_tests; do
    qemu-aarch64 -L "$sysroot" "build/arm64/tests/$test" || return
  done
  build_preset release routerate-agent &&
    tests/cpus/emulated_cpus.py build/release/agent/routerate-agent \
      --arm64 build/arm64/agent/routerate-agent --sysroot "$sysroot"
}

stages=()
for word in "$@"; do
  case $word in
    --help | -h) usage && exit ;;
    --fast) stages+=("${fast_stages[@]}") ;;
    *)
      [[ " ${all_stages[*]} " == *" $word "* ]] || { usage >&2 && exit 2; }
      stages+=("$word")
      ;;
  esac
done
((${#stages[@]})) || stages=("${all_stages[@]}")

mark_children
trap 'stop_leftovers >&2 || true' EXIT
for stage in "${stages[@]}"; do
  run_step "$stage" "stage_$stage"
done
print_times
stop_leftovers
