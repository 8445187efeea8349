"""A real nginx without privileges on a loopback port, writing the JSON format of configs/nginx."""

import os
import pathlib
import re
import shutil
import signal

from processes import free_port, wait_for

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
FORMATS = REPOSITORY / "configs" / "nginx"
# What a client may ask to be answered with, so that a log shows more than 200.
STATUSES = (201, 204, 301, 400, 401, 404, 409, 429, 500, 502, 503)

CONFIG = """\
daemon off;
{user}
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/error.log notice;
events {{ worker_connections 512; }}
http {{
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {log_format}
  access_log {log} {format_name};
  {second_log}
  server {{
    listen 127.0.0.1:{port};
    server_name shop.example.com;
    location / {{
{replies}
      return 200 "ok\\n";
    }}
  }}
}}
"""


def installed():
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def log_format():
    """The shipped log_format directive and its name."""
    for path in sorted(FORMATS.glob("*.conf")):
        found = re.search(r"^\s*log_format\s+(\S+)\s.*?;\s*$", path.read_text(),
                          re.MULTILINE | re.DOTALL)
        if found and "escape=json" in found[0]:
            return found[0].strip(), found[1]
    raise FileNotFoundError(f"no log_format with escape=json in {FORMATS}")


class NginxServer:
    def __init__(self, programs, folder, log, workers=1, second_log=None):
        """`second_log` gets the same lines."""
        self.folder = folder
        self.log = log
        self.second_log = second_log
        self.port = free_port()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "nginx.conf").write_text(self._config(workers))
        self.program = programs.start(
            "nginx", [installed(), "-p", folder, "-e", folder / "error.log", "-c",
                      folder / "nginx.conf"], death_signal=signal.SIGTERM)
        wait_for("nginx has written its pid", lambda: (folder / "nginx.pid").exists()
                 and self._pid_file().strip())

    def _config(self, workers):
        directive, name = log_format()
        replies = "\n".join(f"      if ($http_x_reply = {status}) {{ return {status}; }}"
                            for status in STATUSES)
        second = f"access_log {self.second_log} {name};" if self.second_log else ""
        return CONFIG.format(second_log=second, folder=self.folder, log=self.log, port=self.port, workers=workers,
                             user="user root;" if os.geteuid() == 0 else "",
                             log_format=directive, format_name=name, replies=replies)

    def _pid_file(self):
        return (self.folder / "nginx.pid").read_text()

    def rotate(self, name):
        """Rename and USR1, as logrotate does it. Returns when the new file is there."""
        self.log.rename(self.log.with_name(name))
        self.program.signal(signal.SIGUSR1)
        wait_for("nginx has opened a new log", self.log.exists)

    def stop(self):
        """Lets running requests end, so that the log is whole."""
        self.program.signal(signal.SIGQUIT)
        self.program.exit_code()
