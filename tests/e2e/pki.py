"""Certificates that a test's servers and clients need, and who signs them, made by openssl."""

import subprocess

KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


class KeyPair:
    """A certificate (whole path in .crt) with its key."""

    def __init__(self, folder, name):
        self.crt = folder / f"{name}.crt"
        self.key = folder / f"{name}.key"


class Pki:
    """One folder of certificates."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def authority(self, name):
        made = KeyPair(self.folder, name)
        openssl("req", "-x509", *KEY, "-days", 30, "-subj", f"/CN={name}", "-keyout", made.key,
                "-out", made.crt)
        return made

    def certificate(self, name, authority, subject, usage, names=(), days=30):
        """`usage`: serverAuth or clientAuth; `names` as openssl writes them: DNS:a, IP:127.0.0.1.

        A certificate of 0 days has expired a second later.
        """
        made = KeyPair(self.folder, name)
        request, extensions = made.crt.with_suffix(".csr"), made.crt.with_suffix(".ext")
        lines = [f"extendedKeyUsage={usage}"]
        if names:
            lines.append(f"subjectAltName={','.join(names)}")
        extensions.write_text("\n".join(lines) + "\n")
        openssl("req", *KEY, "-subj", subject, "-keyout", made.key, "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", authority.crt, "-CAkey", authority.key,
                "-CAcreateserial", "-days", days, "-extfile", extensions, "-out", made.crt)
        return made

    def signing_key(self, name):
        """An RSA key and its public half, for tokens: (private, public)."""
        private, public = self.folder / f"{name}.key", self.folder / f"{name}.pub"
        openssl("genrsa", "-out", private, 2048)
        openssl("rsa", "-in", private, "-pubout", "-out", public)
        return private, public
