"""A real tomcat with a given server.xml, on a loopback port; fetched once from Maven Central."""

import shutil
import subprocess
import zipfile

from end_to_end import REPOSITORY
from processes import free_port

VERSION = "9.0.98"
HOME = REPOSITORY / "build" / "tomcat" / f"apache-tomcat-{VERSION}"
# Answers whatever is below /myapp.
WEB_XML = """<web-app xmlns="http://xmlns.jcp.org/xml/ns/javaee" version="4.0">
  <servlet><servlet-name>app</servlet-name><jsp-file>/app.jsp</jsp-file></servlet>
  <servlet-mapping><servlet-name>app</servlet-name><url-pattern>/myapp/*</url-pattern></servlet-mapping>
</web-app>
"""


def fetch():
    if HOME.exists():
        return
    part = HOME.parent / "part"
    shutil.rmtree(part, ignore_errors=True)
    subprocess.run(["mvn", "--quiet", "--batch-mode", "dependency:copy",
                    f"-Dartifact=org.apache.tomcat:tomcat:{VERSION}:zip",
                    f"-DoutputDirectory={part}"], check=True)
    with zipfile.ZipFile(part / f"tomcat-{VERSION}.zip") as archive:
        archive.extractall(part)
    for script in (part / HOME.name / "bin").glob("*.sh"):
        script.chmod(0o755)
    (part / HOME.name).rename(HOME)


class TomcatServer:
    def __init__(self, folder, server_xml):
        """`server_xml` names port 8080 and the appBase /data/tomcat/webapps."""
        fetch()
        self.port = free_port()
        self.folder = folder
        self.logs = folder / "logs"
        root = folder / "webapps" / "ROOT"
        for each in (folder / "conf", root / "WEB-INF", self.logs, folder / "temp", folder / "work"):
            each.mkdir(parents=True)
        text = server_xml.replace('port="8080"', f'port="{self.port}" address="127.0.0.1"')
        (folder / "conf" / "server.xml").write_text(
            text.replace("/data/tomcat/webapps", str(root.parent)))
        shutil.copy(HOME / "conf" / "web.xml", folder / "conf")
        (root / "WEB-INF" / "web.xml").write_text(WEB_XML)
        (root / "app.jsp").write_text("<%= request.getRequestURI() %>\n")

    def start(self, programs, as_user=()):
        """`as_user`: the words that go before a command to run it as another user."""
        settings = {"CATALINA_HOME": HOME, "CATALINA_BASE": self.folder, "JAVA_OPTS": "-Xmx128m"}
        self.program = programs.start("tomcat", [
            *as_user, "env", *(f"{key}={value}" for key, value in settings.items()),
            HOME / "bin" / "catalina.sh", "run"])
        self.program.wait_for_output("Server startup in", seconds=120)
