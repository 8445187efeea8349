# For sourcing by test.sh: a step with a header, its time, its output in a log of its own.
# shellcheck shell=bash

log_dir=build/logs
step_names=()
step_seconds=()

# failed_tests LOG: what each test that failed said in ctest's output, of much the first and the
# last lines.
failed_tests() {
  awk -v most=100 '
    function show(  i) {
      for (i = 1; i <= lines; i++) {
        if (i <= most || i > lines - most) print line[i]
        else if (i == most + 1) print "[...]"
      }
      lines = 0
    }
    /^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / { show(); failed = /\*\*\*/ }
    /^ +Start +[0-9]+: |^[0-9]+% tests passed/ { show(); failed = 0 }
    failed { line[++lines] = $0 }
    END { show() }' "$1"
}

# run_step NAME COMMAND...: output goes to build/logs/NAME.log; on failure its failed tests and its
# last lines are shown and the script ends.
run_step() {
  local name=$1 log=$log_dir/$1.log begin=$SECONDS
  shift
  mkdir -p "$log_dir"
  printf '== %s\n' "$name"
  if ! "$@" >"$log" 2>&1 </dev/null; then
    failed_tests "$log" >&2
    printf -- '-- %s failed; the end of %s:\n' "$name" "$log" >&2
    tail -n 60 "$log" >&2
    return 1
  fi
  step_names+=("$name")
  step_seconds+=($((SECONDS - begin)))
  # The closing lines of a test runner are worth more than silence.
  grep -ahE '^[0-9]+% tests passed|^[a-z]+_fuzz: |^[0-9]+ (logs|objects)|^kubernetes: ' "$log" || true
}

print_times() {
  local i
  for i in "${!step_names[@]}"; do
    printf '%8s s  %s\n' "${step_seconds[i]}" "${step_names[i]}"
  done
  printf '%8s s  in all\n' "$SECONDS"
}

# build_preset PRESET [TARGET...]
build_preset() {
  local preset=$1
  shift
  cmake --preset "$preset" && cmake --build --preset "$preset" ${1:+--target "$@"}
}

# Everything started from here on carries a mark in its environment, whatever its parent becomes.
mark_children() { export ROUTERATE_RUN=$$.$RANDOM; }

# Ends marked processes that are still there, says which, and returns 1 if there was one.
stop_leftovers() {
  local file pid found=0
  for file in $(grep -lsz "^ROUTERATE_RUN=$ROUTERATE_RUN$" /proc/[0-9]*/environ); do
    pid=${file//[!0-9]/}
    [[ $pid != "$BASHPID" ]] && kill -0 "$pid" 2>/dev/null || continue
    printf 'still running: %s %s\n' "$pid" "$(tr '\0' ' ' <"/proc/$pid/cmdline")"
    kill -TERM "$pid"
    found=1
  done
  return $found
}
