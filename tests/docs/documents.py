"""What the tests of documents start from; a document that a script makes is a golden."""

import os
import pathlib
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "scripts"))
BUILD = pathlib.Path(os.environ.get("ROUTERATE_BUILD", REPOSITORY / "build" / "dev"))


def compare(test, path, text):
    """`path` holds `text`; with UPDATE_GOLDEN=1 it does from now on."""
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    test.maxDiff = None
    test.assertTrue(path.exists(), f"{path} is missing: UPDATE_GOLDEN=1 makes it")
    test.assertEqual(path.read_text(), text)
