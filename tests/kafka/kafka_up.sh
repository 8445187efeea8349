#!/usr/bin/env bash
# Starts a real Apache Kafka on loopback: one JVM that is broker and controller (KRaft).
#   tests/kafka/kafka_up.sh DIR [SETTING=VALUE...]
# prints HOST:PORT once the broker answers; also in DIR/address. The settings are the broker's own.
# DIR keeps port, data, log and pid, so that up after down is the same broker restarted. Does
# nothing when it already runs. The jars are fetched once, into build/kafka-jars.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
jars=$(cd "$here/../.." && pwd)/build/kafka-jars
mkdir -p "$1"
cd "$1"
settings=("${@:2}")

running() { [[ -e pid ]] && kill -0 "$(cat pid)" 2>/dev/null; }

# Complete or not there at all, whenever it is interrupted.
fetch_jars() {
  [[ -d $jars ]] && return
  local part=$jars.$$
  mvn --quiet --batch-mode -Dstyle.color=never --file "$here/pom.xml" \
    dependency:copy-dependencies -DoutputDirectory="$part" >&2
  mv --no-target-directory "$part" "$jars" 2>/dev/null || rm -r "$part"
}

free_ports() {
  python3 - <<'PY'
import socket
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(each.getsockname()[1] for each in sockets))
PY
}

write_settings() {
  local port=$1 controller=$2
  cat >server.properties <<TEXT
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller
advertised.listeners=PLAINTEXT://127.0.0.1:$port
log.dirs=$PWD/data
num.partitions=6
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
$(printf '%s\n' "${settings[@]}")
TEXT
  cat >log4j.properties <<'TEXT'
log4j.rootLogger=WARN, console
log4j.appender.console=org.apache.log4j.ConsoleAppender
log4j.appender.console.layout=org.apache.log4j.PatternLayout
log4j.appender.console.layout.ConversionPattern=%d %p %c: %m%n
TEXT
}

java=(java -Xms128m -Xmx512m -cp "$jars/*" -Dlog4j.configuration=file:log4j.properties)

format_storage() {
  "${java[@]}" kafka.tools.StorageTool format --cluster-id rrTestsCluster00000000 \
    --config server.properties >format.log 2>&1 || { cat format.log >&2 && return 1; }
}

# A port that listens is not yet a broker: one that serves metadata is.
ready() { kcat -b "$1" -L -m 2 >/dev/null 2>&1; }

if running; then
  cat address
  exit 0
fi
fetch_jars
if [[ ! -e address ]]; then
  read -r port controller < <(free_ports)
  write_settings "$port" "$controller"
  format_storage
  echo "127.0.0.1:$port" >address
fi

address=$(cat address)
setsid "${java[@]}" kafka.Kafka server.properties >>broker.log 2>&1 </dev/null &
echo $! >pid
for ((i = 0; i < 300; i++)); do
  ready "$address" && echo "$address" && exit 0
  running || break
  sleep 0.2
done
echo "kafka_up.sh: no broker on $address; the end of $PWD/broker.log:" >&2
tail -n 20 broker.log >&2
"$here/kafka_down.sh" .
exit 1
