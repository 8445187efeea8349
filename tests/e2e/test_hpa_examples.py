"""The manifests that are shipped, and that the aggregator prints, are taken by a real API server."""

import base64
import subprocess
import unittest

import control_plane
from control_plane import ControlPlane
from end_to_end import BUILD, EndToEnd, REPOSITORY

EXAMPLES = REPOSITORY / "configs" / "hpa"
CLUSTER_LACKS = "keda_*.yaml"  # kinds that KEDA brings


@unittest.skipUnless(control_plane.built(), control_plane.MISSING)
class HpaExamples(EndToEnd):
    def setUp(self):
        super().setUp()
        self.plane = self.enterContext(ControlPlane(self.programs, self.folder))
        for namespace in "shop", "routerate":
            self.plane.kubectl("create", "namespace", namespace)

    def test_examples(self):
        """Every one, by the server's own validation."""
        authority = base64.b64encode(self.plane.ca.crt.read_bytes()).decode()
        examples = sorted(set(EXAMPLES.glob("*.yaml")) - set(EXAMPLES.glob(CLUSTER_LACKS)))
        self.assertGreater(len(examples), 4)
        for example in examples:
            text = example.read_text().replace("${CA_BUNDLE}", authority)
            with self.subTest(example.name):
                self.server_takes(text)

    def test_printed(self):
        """What `routes hpa` prints for a route of one's own."""
        routes = self.folder / "routes.yaml"
        routes.write_text('routes: [{path: "/orders/{id}", name: orders}]')
        config = self.folder / "aggregator.yaml"
        config.write_text(f"kafka: {{brokers: none}}\nroutes: {routes}\n")
        manifest = subprocess.run(
            [BUILD / "aggregator" / "routerate-aggregator", "routes", "hpa", "orders", "--config",
             config, "--namespace", "shop", "--service", "shop"],
            capture_output=True, text=True, check=True).stdout
        self.server_takes(manifest)

    def server_takes(self, manifest):
        self.plane.kubectl("apply", "--dry-run=server", "--validate=strict", "-f", "-",
                           stdin=manifest)


if __name__ == "__main__":
    unittest.main()
