"""What metrics API servers make of the same questions and requests, side by side."""

import collections
import fnmatch

import api_paths
import metrics_client
import metrics_questions
from kube_api import client_context

# Outcomes that differ for a reason: patterns as in a shell, of claim and of both outcomes.
Difference = collections.namedtuple("Difference", "claim one other reason")


def of_client(outcome):
    """What one of Kubernetes' clients was answered: "2 items", "404 NotFound"."""
    return (f"{outcome['items']} items" if "items" in outcome
            else f"{outcome['code']} {outcome['reason']}")


def of_reply(reply):
    """A reply to a request: "200 MetricValueList, 2 items", "404 NotFound", "200 text/plain"."""
    if reply.kind == "Status":
        return f"{reply.code} {reply.reason or 'without a reason'}"
    told = f"{reply.code} {reply.kind or reply.media_type}"
    return f"{told}, {reply.items} items" if "MetricValueList" in told else told


def of_objects(answer):
    """What the values are of, as clients see it: "Pod shop/web-0 METRIC, Pod shop/web-1 METRIC"."""
    return ", ".join(sorted(
        f"{item['kind']} {item.get('namespace', '')}/{item['name']} {item['metric']}"
        for item in answer.get("items", []) if "kind" in item))


def ask_clients(plane, words):
    """claim → outcome of whoever is registered for the metrics APIs."""
    questions = list(metrics_questions.in_words(words))
    answers = metrics_client.ask(plane, [question.asked for question in questions])
    outcomes = {f"client: {question.claim}": of_client(metrics_client.outcome(answer))
                for question, answer in zip(questions, answers)}
    return outcomes | {f"objects: {question.claim}": objects
                       for question, answer in zip(questions, answers)
                       if (objects := of_objects(answer))}


def expected_of_clients():
    """claim → the outcome that it ought to be."""
    return {f"client: {question.claim}": of_client(question.expected)
            for question in metrics_questions.QUESTIONS}


def ask_paths(plane, port, words):
    """claim → outcome of the server at `port`, asked as the API server asks it."""
    context = client_context(plane.ca.crt, plane.front_proxy)
    return {f"path: {request.claim}": of_reply(api_paths.ask(port, context, request))
            for request in api_paths.in_words(words)}


def _explains(difference, claim, one, other):
    return all(fnmatch.fnmatchcase(text, pattern) for text, pattern in
               zip((claim, one, other), difference))


def compare(one, other, differences):
    """Prints all outcomes that differ; returns (unexplained claims, differences of no use).

    Objects can be compared where both have some.
    """
    unexplained, used = [], set()
    both = [claim for claim in one if claim in other]
    for claim in both:
        first, second = one[claim], other[claim]
        if first == second:
            continue
        known = [each for each in differences if _explains(each, claim, first, second)]
        used.update(known)
        reason = known[0].reason if known else "NOT EXPLAINED"
        print(f"{claim:60} {first:32} {second:32} {reason}")
        if not known:
            unexplained.append((claim, first, second))
    equal = sum(one[claim] == other[claim] for claim in both)
    print(f"{equal} of {len(both)} outcomes are equal")
    return unexplained, [each for each in differences if each not in used]
