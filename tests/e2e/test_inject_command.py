"""`routerate-agent inject` as a program: options, streams, exit codes."""

import json
import subprocess
import unittest

from end_to_end import BUILD, REPOSITORY

AGENT = BUILD / "agent" / "routerate-agent"
MANIFESTS = REPOSITORY / "tests" / "inject" / "manifests"
POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"},
       "spec": {"containers": [{"name": "a", "image": "nginx"}, {"name": "b", "image": "nginx"}]}}


def inject(*words, stdin=""):
    return subprocess.run([AGENT, "inject", *words], input=stdin, capture_output=True, text=True,
                          timeout=20)


class InjectCommand(unittest.TestCase):
    def injected(self, *words, pod=POD):
        run = inject(*words, stdin=json.dumps(pod))
        self.assertEqual(run.returncode, 0, run.stderr)
        return json.loads(run.stdout)["spec"]

    def refused(self, message, *words, stdin=""):
        """Told in one line, and nothing that kubectl could apply."""
        run = inject(*words, stdin=stdin)
        self.assertEqual((run.returncode, run.stdout), (1, ""))
        self.assertRegex(run.stderr, message)
        self.assertEqual(len(run.stderr.splitlines()), 1)

    def test_json(self):
        """JSON stays JSON, and the options are in what is added."""
        spec = self.injected("--image", "registry.example.invalid/agent:9", "--brokers", "k1:1,k2:2")
        agent = spec["initContainers"][0]
        env = {variable["name"]: variable.get("value") for variable in agent["env"]}
        self.assertEqual(agent["image"], "registry.example.invalid/agent:9")
        self.assertEqual(env["KAFKA_BROKERS"], "k1:1,k2:2")
        self.assertEqual(agent["resources"]["limits"], {"memory": "64Mi"})
        self.assertEqual(spec["securityContext"], {"fsGroup": 65532})

    def test_defaults(self):
        spec = self.injected("--plain", "--container", "b", "--logs", "/srv/", "--format", "tomcat",
                             "--service", "front")
        self.assertNotIn("initContainers", spec)
        a, b, agent = spec["containers"]
        env = {variable["name"]: variable.get("value") for variable in agent["env"]}
        self.assertNotIn("volumeMounts", a)
        self.assertEqual(b["volumeMounts"], [{"name": "routerate-logs", "mountPath": "/srv"}])
        self.assertEqual((env["ROUTERATE_LOGS"], env["ROUTERATE_FORMAT"], env["ROUTERATE_SERVICE"]),
                         ("/logs/localhost_access_log*.txt", "tomcat", "front"))

    def test_files(self):
        """One stream of several files, which gives all of them back."""
        files = [MANIFESTS / name for name in ("no_line_end.yaml", "helm_rendered.yaml")]
        words = [word for file in files for word in ("-f", file)]
        run = inject(*words, "-f", "-", stdin="kind: Secret\n")
        self.assertEqual(run.returncode, 0)
        self.assertIn("secret/: no pod: passed on", run.stderr)
        removed = inject("--remove", stdin=run.stdout).stdout
        self.assertEqual(removed, "\n".join([files[0].read_text(), files[1].read_text()]) +
                         "---\nkind: Secret\n")

    def test_definition(self):
        """The built-in definition is the chart's; another comes from a file."""
        chart = REPOSITORY / "charts" / "routerate" / "files" / "sidecar.yaml"
        self.assertEqual(self.injected(), self.injected("--sidecar", chart))
        self.refused(r"sidecar\.yaml: No such file", "--sidecar", "/no/sidecar.yaml")

    def test_refusals(self):
        self.refused("standard input:3: not valid YAML", stdin="a: 1\nb: [\n")
        self.refused("/no/shop.yaml: No such file", "-f", "/no/shop.yaml")
        wrong = (MANIFESTS / "tomcat_2020.yaml").read_text().replace("punch", "all")
        self.refused("standard input:16: routerate.io/reclaim: 'all' is not one of none, punch",
                     stdin=wrong)
        self.refused("--workload shop: there is no such workload", "--workload", "shop",
                     stdin=json.dumps(POD))
        self.refused("plain container would keep the Job", "--plain", "-f", MANIFESTS / "job.yaml")


if __name__ == "__main__":
    unittest.main()
