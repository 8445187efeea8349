"""What waiting costs, and how soon a line is in Kafka: the agent beside the peers that follow logs."""

import dataclasses

import agent_latency
import peers
from agent_idle import LINE, SETTLE_SECONDS, wait_seconds
from bench_world import cpu_seconds, partitions, resident_mib, wait_for, wait_until_shipped
from kafka_admin import end_offsets
from latency_channels import AgentChannel, DirectChannel, LogChannel


@dataclasses.dataclass(frozen=True)
class Idle:
    ms: float  # of a core, a second
    mib: float


@dataclasses.dataclass(frozen=True)
class Latency:
    p50: float  # milliseconds
    p99: float
    missing: int


def started(here, peer, logs, files):
    """It has read all there is of these logs."""
    topic = f"bench-{peer.name}-idle-{files}"
    wait_for(f"topic {topic}", lambda: partitions(here.brokers, topic))
    program = peer.start(here.programs, f"{peer.name}-idle-{files}", logs, topic, here.brokers)
    wait_for(f"{files} lines of {peer.name}",
             lambda: sum(end_offsets(here.brokers, topic, range(6))) >= files, seconds=60)
    return program


def idle(here, files, seconds):
    """name → Idle, all over the same seconds and files."""
    folder = here.folder / f"idle-{files}"
    folder.mkdir()
    for number in range(files):
        (folder / f"{number}.log").write_bytes(LINE % number)
    logs = folder / "*.log"
    agent = here.agent(f"idle-{files}-agent", [{"path": str(logs), "format": "nginx"}])
    wait_until_shipped(agent, sum(file.stat().st_size for file in folder.iterdir()))
    programs = {"routerate-agent": agent.agent}
    for peer in peers.present(peers.FOLLOWERS):
        programs[peer.name] = started(here, peer, logs, files)
    wait_seconds(SETTLE_SECONDS)
    before = {name: cpu_seconds(program.process.pid) for name, program in programs.items()}
    wait_seconds(seconds)
    rows = {name: Idle(1000 * (cpu_seconds(program.process.pid) - before[name]) / seconds,
                       resident_mib(program.process.pid)) for name, program in programs.items()}
    for program in programs.values():
        program.kill()
    return rows


class PeerChannel(LogChannel):
    def __init__(self, here, peer):
        super().__init__(here, peer.name)
        self.program = peer.start(here.programs, f"{peer.name}-latency", self.log, self.topic,
                                  here.brokers)


def latency(here, rates, seconds):
    """(name, rate) → Latency; each gets every n-th line."""
    channels = [AgentChannel(here), *(PeerChannel(here, peer)
                                      for peer in peers.present(peers.FOLLOWERS)), DirectChannel(here)]
    number = agent_latency.send_lines(channels, 0, 20, agent_latency.WARM_UP_SECONDS)
    results = {}
    for rate in rates:
        rows, number = agent_latency.measure(channels, number, rate, seconds)
        for name, _, _, p50, _, p99, _, missing in rows:
            name = {"agent": "routerate-agent", "direct": "direct (kcat)"}.get(name, name)
            results[name, rate] = Latency(float(p50), float(p99), missing) if p50 != "-" else None
    for channel in channels:
        channel.stop()
    return results
