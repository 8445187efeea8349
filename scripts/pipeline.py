"""The pipeline's programs with their configuration files, for the demo and the end-to-end tests."""

import http.client
import json
import urllib.error
import urllib.request

from processes import Failed, wait_for


def fetch(port, path, seconds=5.0):
    """Status and body of a GET; a refused or broken connection is status 0."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=seconds) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        return 0, str(error)


class Pipeline:
    """One agent and one aggregator over one topic. Everything it writes is inside `folder`."""

    def __init__(self, programs, build, folder, kafka=None, topic="routerate-events",
                 agent="agent"):
        self.programs = programs
        self.build = build
        self.folder = folder
        self.brokers = kafka  # None: the aggregator's embedded broker, once it is up
        self.topic = topic
        self.aggregator = self.aggregator_port = None
        self.agent = self.agent_port = None
        self.agent_name = agent  # of its log, where there are several
        folder.mkdir(parents=True, exist_ok=True)

    def write_config(self, name, config):
        path = self.folder / name
        path.write_text(json.dumps(config, indent=1) + "\n")  # JSON is YAML, too.
        return path

    def aggregator_config(self, **changes):
        kafka = {"topic": self.topic, "counts_topic": f"{self.topic}-counts",
                 "group": f"{self.topic}-aggregator"}
        if self.brokers:
            kafka["brokers"] = self.brokers
        return {"kafka": kafka, "listen": "127.0.0.1:0"} | changes

    def start_aggregator(self, **changes):
        argv = [self.build / "aggregator" / "routerate-aggregator", "--config",
                self.write_config("aggregator.yaml", self.aggregator_config(**changes))]
        if not self.brokers:
            address = self.folder / "broker-address"
            argv += ["--embedded-broker", "--broker-address-file", address]
        self.aggregator = self.programs.start("aggregator", argv)
        self.aggregator_port = self.aggregator.port()
        if not self.brokers:
            self.brokers = wait_for("the embedded broker's address", lambda: address.exists()
                                    and address.read_text().strip())

    def agent_config(self, inputs, **changes):
        return {"source": {"namespace": "demo", "service": "shop", "pod": "shop-0"},
                "inputs": inputs,
                "kafka": {"brokers": self.brokers, "topic": self.topic},
                "checkpoint": str(self.folder / "agent.checkpoint"),
                "listen": "127.0.0.1:0"} | changes

    def start_agent(self, inputs, **changes):
        self.write_config("agent.yaml", self.agent_config(inputs, **changes))
        self.launch_agent()
        self.agent_port = self.agent.port()

    def launch_agent(self):
        """With the configuration of the last start_agent; does not wait until it is up."""
        self.agent = self.programs.start(
            self.agent_name, [self.build / "agent" / "routerate-agent", "--config",
                      self.folder / "agent.yaml"])

    def stats(self, query=""):
        """The rows of /stats?format=json."""
        status, body = fetch(self.aggregator_port, f"/stats?format=json{query}")
        if status != 200:
            raise Failed(f"/stats answers {status}: {body}")
        return json.loads(body)

    def total(self):
        return sum(row["total"] for row in self.stats())

    def wait_for_total(self, expected, seconds=60.0):
        """Returns when exactly `expected` requests are counted; fails at once at more."""
        def counted():
            total = self.total()
            if total > expected:
                raise Failed(f"{total} requests counted, but only {expected} lines were written")
            return total == expected

        try:
            wait_for(f"{expected} requests counted", counted, seconds)
        except Failed as failure:
            program = self.agent or self.aggregator
            raise Failed(f"{failure}; counted {self.total()}\n{program.tail()}") from None
