"""Asks metrics APIs with the clients of Kubernetes' own controllers (k8s.io/metrics)."""

import json
import subprocess

from control_plane import BIN
from processes import Failed


def ask(plane, questions):
    """The answers to questions (metrics_client/question.go), each a dict like {"items": [...]}."""
    run = subprocess.run([BIN / "metrics-client", "--kubeconfig", plane.admin_kubeconfig],
                         input="\n".join(map(json.dumps, questions)), capture_output=True,
                         text=True, timeout=120)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    if run.returncode != 0 or len(answers) != len(questions):
        raise Failed(f"metrics-client answered {len(answers)} of {len(questions)}: {run.stderr}")
    return answers


def outcome(answer):
    """What an answer comes to, comparable between servers: {"items": n}, or code and reason.

    A client's own error has code 0, and its text is the reason.
    """
    if "code" in answer:
        return {"code": answer["code"], "reason": answer.get("reason") or "without a reason"}
    if "error" in answer:
        return {"code": 0, "reason": answer["error"]}
    return {"items": len(answer.get("items", []))}


def values(answer):
    """Of a pod or another object by its name; of an external metric by its place."""
    items = answer.get("items", [])
    return {item.get("name", place): item["value"] for place, item in enumerate(items)}
