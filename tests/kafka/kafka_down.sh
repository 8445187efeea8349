#!/usr/bin/env bash
# Stops the broker that kafka_up.sh DIR started and waits until it is gone. Its data stays in DIR.
set -euo pipefail
cd "$1" 2>/dev/null || exit 0
[[ -e pid ]] || exit 0
pid=$(cat pid)
kill -TERM "$pid" 2>/dev/null || true
for ((i = 0; i < 150; i++)); do
  kill -0 "$pid" 2>/dev/null || break
  sleep 0.2
done
kill -KILL "$pid" 2>/dev/null && echo "kafka_down.sh: $pid had to be killed" >&2
rm -f pid
