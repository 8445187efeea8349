#!/usr/bin/env bash
# Fuzzes routerate: builds the targets, replays their seeds, then fuzzes each for SECONDS.
#
#   tests/fuzz/run.sh [SECONDS [TARGET...]]      5 seconds each, all targets
#
# What a target finds on the way is kept in build/fuzz/corpus; an input that breaks a promise goes
# to build/fuzz/findings and ends the run: minimize it with the target's own -minimize_crash=1 and
# make it a seed. SEED=n repeats a target's choices, on an empty corpus. 0 seconds: the seeds only.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-5}
shift || true
programs=build/fuzz/tests/fuzz
all_targets=(nginx_fuzz tomcat_fuzz combined_fuzz auto_fuzz forgery_fuzz record_fuzz summary_fuzz
  counts_fuzz routes_fuzz config_fuzz request_fuzz views_fuzz http_fuzz inject_fuzz)
targets=("$@")
((${#targets[@]})) || targets=("${all_targets[@]}")

dictionary() {
  case $1 in
    record_fuzz | summary_fuzz | routes_fuzz | config_fuzz | request_fuzz | views_fuzz | http_fuzz | \
      inject_fuzz)
      echo "tests/fuzz/${1%_fuzz}.dict"
      ;;
    *) echo tests/fuzz/log.dict ;;
  esac
}

options=(-max_len=4096 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1)

# run TARGET ARGUMENT...: its output goes to a log, the end of which is shown when it fails.
run() {
  local target=$1 log=build/fuzz/$1.log
  shift
  mkdir -p build/fuzz/findings
  "$programs/$target" "${options[@]}" -artifact_prefix="build/fuzz/findings/$target-" "$@" \
    >"$log" 2>&1 || { tail -n 60 "$log" && return 1; }
}

# fuzz TARGET: a line with its figures.
fuzz() {
  local target=$1 seeds=tests/fuzz/seeds/$1 corpus=build/fuzz/corpus/$1 log=build/fuzz/$1.log
  run "$target" -runs=0 "$seeds"
  if ((seconds == 0)); then
    echo "$target: $(find "$seeds" -type f | wc -l) seeds"
    return
  fi
  mkdir -p "$corpus"
  run "$target" -max_total_time="$seconds" -dict="$(dictionary "$target")" ${SEED:+-seed="$SEED"} \
    "$corpus" "$seeds"
  echo "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") executions in" \
    "$seconds s, $(grep -aoE 'cov: [0-9]+ ft: [0-9]+' "$log" | tail -n 1)"
}

cmake --preset fuzz
cmake --build --preset fuzz
# A target takes one core.
running=()
for target in "${targets[@]}"; do
  if ((${#running[@]} == $(nproc))); then
    wait "${running[0]}" || break
    running=("${running[@]:1}")
  fi
  fuzz "$target" &
  running+=("$!")
done
failed=0
for pid in "${running[@]}"; do
  wait "$pid" || failed=1
done
exit "$failed"
