"""The classic layout of configs/app1, as its manifests say: a real API server takes them and injects;
a real nginx and a real tomcat run with their configurations, and the injected sidecars, in the image's
root file system, ship what these log."""

import shutil
import unittest
import urllib.request

from container_run import (ROOTFS, as_user, container_command, terminate, user_of,
                           write_labels)
from created_pods import sidecar_of
from end_to_end import REPOSITORY
from injection_world import InjectionWorld
from processes import free_port, port_is_free, wait_for
from tomcat_server import TomcatServer

APP1 = REPOSITORY / "configs" / "app1"
NGINX, TOMCAT = "app1-nginx", "app1-tomcat-app1"
UPSTREAM = "app1-tomcat-app1-service.app1.svc.cluster.local:80"
ORDERS, FILES = 30, 10


class ClassicLayout(InjectionWorld):
    def test_app1(self):
        if not ROOTFS.exists():
            self.skipTest("no root file system: run packaging/build.sh")
        self.folder.chmod(0o711)  # Users of the pods' own come by.
        line = self.pipeline()
        line.start_aggregator()
        self.start_plane({"kafka": {"brokers": line.brokers},
                          "sidecar": {"config": {"listen": "127.0.0.1:0"}}})
        self.plane.kubectl("apply", "-f", str(APP1))
        pods = [self.pod_of(name) for name in (NGINX, TOMCAT)]
        self.start_servers(*pods)
        agents = [self.start_sidecar(pod) for pod in pods]
        self.send()
        wait_for("the routes' totals", lambda: self.totals(line) == {
            ("app1-tomcat-app1-service", "/myapp/orders/{id}"): ORDERS,
            ("app1-nginx-service", "/myapp/orders/{id}"): ORDERS,
            ("app1-nginx-service", "/webapp/static/site.css"): FILES})
        rows = line.stats("&by=pod")
        self.assertEqual({row["pod"] for row in rows}, {pod["metadata"]["name"] for pod in pods})
        self.assertEqual([terminate(agent) for agent in agents], [0, 0])

    def pod_of(self, app):
        """One that its Deployment made, when it is ready."""
        def found():
            pods = self.plane.api.get("/api/v1/namespaces/app1/pods"
                                      f"?labelSelector=app%3D{app}-selector")["items"]
            return pods[0] if pods else None

        pod = wait_for(f"a pod of {app}", found)
        self.assertIsNotNone(sidecar_of(pod))
        self.assertEqual(user_of(sidecar_of(pod), pod), 2020)
        return pod

    def volume(self, pod, name):
        """The folder that is this volume of the pod, its user's."""
        folder = self.folder / pod["metadata"]["name"] / name
        folder.mkdir(parents=True, exist_ok=True)
        user = user_of(pod["spec"]["containers"][0], pod)
        if as_user(user):
            shutil.chown(folder, user, user)
        return folder

    def config(self, name, key):
        config = self.plane.get("configmap", name, "--namespace=app1")
        return config["data"][key]

    def start_servers(self, front, back):
        """As the containers' images would; their log directory is the pod's volume."""
        words = as_user(user_of({}, back))
        tomcat = TomcatServer(self.volume(back, "server"), self.config("app1-tomcat", "server.xml"))
        self.own(tomcat.folder, back)
        tomcat.logs.rmdir()
        tomcat.logs.symlink_to(self.volume(back, "routerate-logs"))
        tomcat.start(self.programs, words)
        self.start_nginx(front, tomcat.port, words)

    def own(self, folder, pod):
        if as_user(2020):
            for path in [folder, *folder.rglob("*")]:
                shutil.chown(path, user_of({}, pod), user_of({}, pod))

    def start_nginx(self, pod, upstream_port, words):
        self.port = free_port()
        prefix = self.volume(pod, "server")
        temporary = "".join(f"{kind}_temp_path temp/{kind};" for kind in (
            "client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        text = self.config("app1-nginx", "nginx.conf")
        for old, new in (("listen 80;", f"listen 127.0.0.1:{self.port};"),
                         (UPSTREAM, f"127.0.0.1:{upstream_port}"),
                         ("http {", "http { " + temporary)):
            self.assertEqual(text.count(old), 1, old)
            text = text.replace(old, new)
        for name in ("conf", "temp", "html/webapp/static"):
            (prefix / name).mkdir(parents=True)
        (prefix / "logs").symlink_to(self.volume(pod, "routerate-logs"))
        (prefix / "conf" / "nginx.conf").write_text(text)
        shutil.copy("/etc/nginx/mime.types", prefix / "conf")
        (prefix / "html/webapp/static/site.css").write_text("p {}\n")
        self.own(prefix, pod)
        self.programs.start("nginx", [*words, "/usr/sbin/nginx", "-p", f"{prefix}/", "-c",
                                      "conf/nginx.conf", "-g", "daemon off;"])
        wait_for("nginx", lambda: not port_is_free(self.port), seconds=10)

    def start_sidecar(self, pod):
        volumes = {volume["name"]: self.volume(pod, volume["name"])
                   for volume in pod["spec"]["volumes"] if volume["name"].startswith("routerate-")}
        write_labels(pod, volumes["routerate-podinfo"])
        sidecar = sidecar_of(pod)
        agent = self.programs.start(f"agent-{pod['metadata']['name']}",
                                    container_command(sidecar, pod, volumes))
        agent.port()
        return agent

    def send(self):
        paths = [f"/myapp/orders/{number}" for number in range(ORDERS)]
        for path in paths + FILES * ["/webapp/static/site.css"]:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
                self.assertEqual(answer.status, 200)

    @staticmethod
    def totals(line):
        return {(row["service"], row["route"]): row["total"] for row in line.stats()}


if __name__ == "__main__":
    unittest.main()
