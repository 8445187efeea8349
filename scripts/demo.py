"""The demo behind demo.sh: traffic through agent, broker and aggregator, the routes shown live."""

import argparse
import pathlib
import signal
import sys
import tempfile
import time

import nginx_server
import traffic
from pipeline import Pipeline, fetch
from processes import Failed, Programs, port_is_free

REFRESH_SECONDS = 2.0
ROUTES_SHOWN = 24


def port_or_free(wanted, program):
    """`wanted`, or 0 (the system chooses) when somebody has it."""
    if port_is_free(wanted):
        return wanted
    print(f"port {wanted} is taken, so {program} listens on another one")
    return 0


def start_traffic(programs, folder):
    """nginx traffic (real, when installed) and tomcat traffic, not running yet."""
    logs = folder / "logs"
    logs.mkdir()
    seed = int(time.time())
    if nginx_server.installed():
        nginx = nginx_server.NginxServer(programs, folder / "nginx", logs / "nginx.access.log")
        print("nginx: a real one, driven by a small client")
        web = traffic.NginxTraffic(nginx.port, base=60, seed=seed)
    else:
        print("nginx: not installed, so its log is written by a generator")
        nginx = None
        web = traffic.NginxLines(logs / "nginx.access.log", base=60, seed=seed)
    tomcat = traffic.TomcatLines(logs / "localhost_access_log.txt", base=40, seed=seed + 1)
    print("tomcat: its log is written by a generator and renamed once on the way")
    return nginx, web, tomcat


def inputs(folder):
    logs = folder / "logs"
    return [{"path": str(logs / "nginx*.log"), "format": "nginx"},
            {"path": str(logs / "localhost_access_log*.txt"), "format": "tomcat",
             "service": "shop-api"}]


def lines_written(folder):
    return sum(path.read_bytes().count(b"\n") for path in (folder / "logs").iterdir())


def show(pipeline, left):
    _, table = fetch(pipeline.aggregator_port, f"/stats?limit={ROUTES_SHOWN}")
    if sys.stdout.isatty():
        print("\033[H\033[J", end="")
    print(table)
    address = f"http://127.0.0.1:{pipeline.aggregator_port}"
    until = f"{left:.0f} s left" if left is not None else "Ctrl-C ends it"
    print(f"browser: {address}/   curl: curl -s '{address}/stats' | grep orders   ({until})\n",
          flush=True)


def watch(pipeline, tomcat, seconds):
    """Shows the routes until `seconds` are over or somebody presses Ctrl-C."""
    begin = time.monotonic()
    rotated = False
    try:
        while seconds is None or time.monotonic() - begin < seconds:
            elapsed = time.monotonic() - begin
            left = None if seconds is None else seconds - elapsed
            if not rotated and elapsed > 4:
                rotated = True
                tomcat.rotate("localhost_access_log.1.txt")
            time.sleep(REFRESH_SECONDS if left is None else min(REFRESH_SECONDS, left))
            show(pipeline, left and max(0.0, seconds - (time.monotonic() - begin)))
    except KeyboardInterrupt:
        print()


def summary(pipeline, folder):
    """Compares what was written with what was counted; true when they are equal."""
    written = lines_written(folder)
    try:
        pipeline.wait_for_total(written)
        verdict = "OK"
    except Failed as failure:
        print(failure, file=sys.stderr)
        verdict = "MISMATCH"
    rows = pipeline.stats()
    counted = sum(row["total"] for row in rows)
    print(f"lines written = {written}, requests counted = {counted}, routes = {len(rows)}: "
          f"{verdict}")
    return verdict == "OK"


def run(build, kafka, seconds, folder, programs):
    topic = f"routerate-demo-{int(time.time())}" if kafka else "routerate-events"
    pipeline = Pipeline(programs, build, folder / "run", kafka, topic)
    listen = f"127.0.0.1:{port_or_free(9465, 'the aggregator')}"
    pipeline.start_aggregator(listen=listen)
    print(f"broker: {kafka or pipeline.brokers + ', embedded in the aggregator'}; topic {topic}")
    nginx, web, tomcat = start_traffic(programs, folder)
    listen = f"127.0.0.1:{port_or_free(9464, 'the agent')}"
    pipeline.start_agent(inputs(folder), listen=listen)
    web.start()
    tomcat.start()
    watch(pipeline, tomcat, seconds)

    print("stopping the traffic; the agent ships what is left and says goodbye")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    web.stop()
    tomcat.stop()
    if nginx:
        nginx.stop()
    drained = pipeline.agent.terminate()
    if drained != 0:
        print(f"the agent exited with {drained}:\n{pipeline.agent.tail()}", file=sys.stderr)
    return summary(pipeline, folder) and drained == 0


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--build", type=pathlib.Path, required=True)
    arguments.add_argument("--seconds", type=float)
    arguments.add_argument("--kafka", metavar="HOST:PORT")
    options = arguments.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also when started with "&"
    with tempfile.TemporaryDirectory(prefix="routerate-demo-") as name:
        folder = pathlib.Path(name)
        with Programs(folder) as programs:
            try:
                return 0 if run(options.build, options.kafka, options.seconds, folder,
                                programs) else 1
            except Failed as failure:
                print(f"demo: {failure}", file=sys.stderr)
                return 1
            except KeyboardInterrupt:
                return 130


if __name__ == "__main__":
    sys.exit(main())
