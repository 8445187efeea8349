"""The Debian packages as they are, the services' exposure, and what the Dockerfile rests on."""

import os
import re
import unittest

from packages import PACKAGING, PROGRAMS, REPOSITORY, VERSION, output, package

CONFFILES = {"routerate-agent": {"agent.yaml"},
             "routerate-aggregator": {"aggregator.yaml", "routes.yaml"}}
DOCUMENTS = {"routerate-agent": {"README.md", "copyright", "examples/nginx/access_json.conf",
                                 "examples/tomcat/access_json.xml"},
             "routerate-aggregator": {"README.md", "copyright"}}
PAGES = {"routerate-agent": {"man1/routerate-agent.1", "man5/agent.yaml.5"},
         "routerate-aggregator": {"man1/routerate-aggregator.1", "man5/aggregator.yaml.5"}}
MAX_EXPOSURE = 1.5  # of 10, as docs/packages.md says


def field(name, key):
    return output("dpkg-deb", "--field", package(name), key).strip()


def contents(name):
    """Path without the leading dot → mode and owner."""
    rows = (line.split() for line in output("dpkg-deb", "--contents", package(name)).splitlines())
    return {row[5].removeprefix(".").rstrip("/"): (row[0], row[1]) for row in rows}


class Packages(unittest.TestCase):
    def test_fields(self):
        """Version, description and the libraries that the program was linked with."""
        for name in PROGRAMS:
            self.assertEqual(field(name, "Package"), name)
            self.assertEqual(field(name, "Version"), VERSION)
            self.assertEqual(field(name, "Section"), "net")
            self.assertRegex(field(name, "Maintainer"), r"^.+ <\S+@\S+>$")
            self.assertGreater(len(field(name, "Description").splitlines()), 1)
            for library in "libc6", "libstdc++6", "librdkafka1", "libssl3":
                self.assertRegex(field(name, "Depends"), rf"(^|, ){re.escape(library)} \(>= ")

    def test_contents(self):
        """Everything is root's, nobody else writes it, and it lies where Debian looks for it."""
        for name in PROGRAMS:
            files = contents(name)
            for path, (mode, owner) in files.items():
                self.assertEqual((owner, mode[5], mode[8]), ("root/root", "-", "-"), path)
            self.assertEqual(files[f"/usr/bin/{name}"][0], "-rwxr-xr-x")
            expected = {f"/usr/bin/{name}", f"/usr/lib/systemd/system/{name}.service"}
            expected |= {f"/etc/routerate/{config}" for config in CONFFILES[name]}
            expected |= {f"/usr/share/doc/{name}/{path}" for path in DOCUMENTS[name]}
            expected |= {f"/usr/share/man/{path}.gz" for path in PAGES[name]}
            expected |= {f"/usr/share/{path}" for path in (
                f"bash-completion/completions/{name}", f"zsh/vendor-completions/_{name}",
                f"fish/vendor_completions.d/{name}.fish")}
            self.assertLessEqual(expected, files.keys())

    def test_conffiles(self):
        """What dpkg keeps of the user's is all that is in /etc."""
        for name in PROGRAMS:
            told = set(output("dpkg-deb", "--info", package(name), "conffiles").split())
            self.assertEqual(told, {f"/etc/routerate/{config}" for config in CONFFILES[name]})
            in_etc = {path for path, (mode, _) in contents(name).items()
                      if path.startswith("/etc/") and mode[0] == "-"}
            self.assertEqual(told, in_etc)

    def test_exposure(self):
        """What systemd finds of 10 points."""
        for name in PROGRAMS:
            unit = PACKAGING / "systemd" / f"{name}.service"
            told = output("systemd-analyze", "security", "--offline=yes", "--no-pager", unit)
            exposure = float(re.search(r"Overall exposure level for \S+: (\S+)", told)[1])
            print(f"{name}.service: exposure {exposure} of 10", flush=True)
            self.assertLessEqual(exposure, MAX_EXPOSURE, told)


class Dockerfile(unittest.TestCase):
    """No container engine is asked; what it would run is what was run here."""

    def setUp(self):
        self.lines = re.sub(r"\\\n", "", (PACKAGING / "Dockerfile").read_text()).splitlines()

    def words(self, instruction):
        return [line.split()[1:] for line in self.lines if line.startswith(f"{instruction} ")]

    def test_scripts(self):
        """Every command is a script of ours, which the tests run with the same arguments."""
        self.assertEqual(self.words("RUN"), [["scripts/install_packages.sh", "build", "package"],
                                             ["packaging/build.sh"]])
        for script, *_ in self.words("RUN"):
            self.assertTrue(os.access(REPOSITORY / script, os.X_OK), script)

    def test_copies(self):
        """What is copied exists and is not ignored; the last copy is the root file system."""
        *own, last = self.words("COPY")
        ignored = (REPOSITORY / ".dockerignore").read_text().split()
        for source, _ in own:
            self.assertTrue((REPOSITORY / source).exists(), source)
            self.assertNotIn(source, ignored)
        (folder,), = self.words("WORKDIR")
        self.assertEqual(last, ["--from=build", f"{folder}/build/packages/rootfs/", "/"])
        self.assertIn(" build/packages/rootfs ", (PACKAGING / "build.sh").read_text())

    def test_settings(self):
        """The user has a number, the version is the project's, nothing is started by itself."""
        user = re.search(r"^user=(\d+)", (PACKAGING / "rootfs.sh").read_text(), re.MULTILINE)[1]
        self.assertEqual(self.words("USER"), [[f"{user}:{user}"]])
        self.assertEqual(self.words("STOPSIGNAL"), [["SIGTERM"]])
        self.assertEqual(self.words("FROM")[-1], ["scratch"])
        self.assertEqual(self.words("ENTRYPOINT") + self.words("CMD"), [])
        (labels,) = self.words("LABEL")
        self.assertIn(f'org.opencontainers.image.version="{VERSION}"', labels)


if __name__ == "__main__":
    unittest.main()
