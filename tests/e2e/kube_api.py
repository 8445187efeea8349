"""A Kubernetes API server as a test asks it: JSON over TLS, with a client's certificate."""

import http.client
import json
import ssl
import urllib.error
import urllib.request

MERGE_PATCH = "application/merge-patch+json"


class ApiError(Exception):
    """The server's Status; `code` 0 where there was no answer."""

    def __init__(self, code, status):
        super().__init__(f"{code}: {status}")
        self.code = code
        self.status = status


def client_context(authority, key_pair=None):
    """TLS that trusts `authority` and shows a certificate, if there is one."""
    context = ssl.create_default_context(cafile=authority)
    if key_pair:
        context.load_cert_chain(key_pair.crt, key_pair.key)
    return context


class KubeApi:
    """`server` is https://HOST:PORT. May be used by several threads."""

    def __init__(self, server, context):
        self.server = server
        self.context = context

    def open(self, method, path, body=None, headers=None, seconds=10.0):
        """The answer as it comes: a stream, for watching."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.server + path, data=data, method=method,
            headers={"Content-Type": "application/json", "Accept": "application/json"}
            | (headers or {}))
        return urllib.request.urlopen(request, timeout=seconds, context=self.context)

    def ask(self, method, path, body=None, headers=None, seconds=10.0):
        """The answer's object, or its text if it is none; ApiError unless it is 2xx."""
        try:
            with self.open(method, path, body, headers, seconds) as answer:
                text = answer.read().decode()
        except urllib.error.HTTPError as error:
            raise ApiError(error.code, error.read().decode()) from None
        except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
            raise ApiError(0, str(error)) from None
        try:
            return json.loads(text)
        except ValueError:
            return text

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, body):
        return self.ask("POST", path, body)

    def delete(self, path, body=None):
        return self.ask("DELETE", path, body)

    def patch(self, path, body, kind=MERGE_PATCH):
        return self.ask("PATCH", path, body, {"Content-Type": kind})

    def answers(self, path):
        """Whether a GET is answered 2xx."""
        try:
            self.get(path)
        except ApiError:
            return False
        return True
