"""Runs a container of a pod as a kubelet would: its command, environment, user and volumes, inside the
image's root file system (packaging/run_in_rootfs.sh). The network is the machine's."""

import os
import pathlib
import signal

from end_to_end import REPOSITORY

ROOTFS = REPOSITORY / "build" / "packages" / "rootfs"
RUN = REPOSITORY / "packaging" / "run_in_rootfs.sh"


def value_of(variable, pod):
    """What a variable of `env` is in this pod."""
    if "valueFrom" not in variable:
        return variable.get("value", "")
    key = variable["valueFrom"]["fieldRef"]["fieldPath"].removeprefix("metadata.")
    return pod["metadata"][key]


def user_of(container, pod):
    """The number that it runs as; None: the image's own."""
    for place in (container, pod["spec"]):
        user = place.get("securityContext", {}).get("runAsUser")
        if user is not None:
            return user
    return None


def as_user(number):
    """Words that make a command another user's; none where this one has no right to."""
    if os.geteuid() != 0 or number is None:
        return []
    return ["setpriv", f"--reuid={number}", f"--regid={number}", "--clear-groups"]


def write_labels(pod, folder):
    """As the downward API writes them."""
    lines = (f'{key}="{value}"\n' for key, value in sorted(pod["metadata"]["labels"].items()))
    (folder / "labels").write_text("".join(lines))


def container_command(container, pod, volumes):
    """`volumes`: the folder of each volume by name; others (a token, say) are not mounted."""
    user = user_of(container, pod)
    words = ["env", f"ROOTFS_USER={user}"] if user else []
    words += [RUN, ROOTFS]
    for mount in container["volumeMounts"]:
        if mount["name"] in volumes:
            folder = volumes[mount["name"]] / mount.get("subPath", "")
            words += ["--ro-bind" if mount.get("readOnly") else "--bind", folder,
                      mount["mountPath"]]
    for variable in container["env"]:
        words += ["--setenv", variable["name"], value_of(variable, pod)]
    return [*words, "--", *container["command"], *container.get("args", [])]


def first_process(program):
    """The process that bwrap has started, which is 1 in its own eyes."""
    pid = program.process.pid
    return int(pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text())


def terminate(program):
    """SIGTERM as a kubelet sends it, to the container's first process; returns its exit code."""
    os.kill(first_process(program), signal.SIGTERM)
    return program.exit_code()
