"""The test runner tells the truth: what is broken is never counted as passed."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

RUNNER = Path(__file__).resolve().parents[2] / "tools" / "run_tests.py"

MIXED = """
import unittest
class Mixed(unittest.TestCase):
    def test_good(self): pass
    def test_bad(self): self.assertEqual(1, 2, "\\x1b[31m<&")
    def test_broken(self): raise OSError("disk")
    @unittest.skip("not today")
    def test_skipped(self): pass
    @unittest.expectedFailure
    def test_surprise(self): pass
    def test_parts(self):
        for part in range(2):
            with self.subTest(part=part): self.assertEqual(part, 0)
class Setup(unittest.TestCase):
    @classmethod
    def setUpClass(cls): raise OSError("no database")
    def test_never_run(self): pass
"""


class Runner(unittest.TestCase):
    """Each test runs the runner on a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.junit = self.root / "results.xml"

    def run_on(self, source):
        """Run on one test file; returns exit status and the root of the results."""
        (self.root / "suite").mkdir()
        (self.root / "suite" / "__init__.py").touch()
        (self.root / "suite" / "test_it.py").write_text(source, encoding="utf-8")
        self.junit.write_text("the results of yesterday", encoding="utf-8")
        command = [sys.executable, "-B", str(RUNNER), "suite", "--junit", str(self.junit)]
        done = subprocess.run(command, cwd=self.root, stdout=subprocess.PIPE, check=False)
        results = ElementTree.parse(self.junit).getroot() if self.junit.exists() else None
        return done.returncode, results

    def counts(self, results):
        """Tests, failures, errors and skips as the root states them."""
        return tuple(int(results.get(name)) for name in ("tests", "failures", "errors", "skipped"))

    def test_every_way_to_end_is_counted_as_what_it_is(self):
        status, results = self.run_on(MIXED)
        self.assertEqual(status, 1)
        self.assertEqual(self.counts(results), (7, 3, 2, 1))
        bad = results.find(".//testcase[@name='test_bad']")
        self.assertEqual((bad.get("file"), bad.get("line")), ("suite/test_it.py", "5"))
        broken = results.find(".//testcase[@name='setUpClass']")
        self.assertEqual(broken.get("classname"), "suite.test_it.Setup")

    def test_a_module_that_cannot_be_imported_is_an_error(self):
        status, results = self.run_on("import no_such_module")
        self.assertEqual((status, self.counts(results)), (1, (1, 0, 1, 0)))
        self.assertEqual(results.find(".//testcase").get("file"), "suite/test_it.py")

    def test_no_test_at_all_has_a_status_of_its_own(self):
        status, results = self.run_on("")
        self.assertEqual((status, self.counts(results)), (5, (0, 0, 0, 0)))

    def test_a_run_that_dies_leaves_no_earlier_results(self):
        status, results = self.run_on("import os\nos._exit(0)")
        self.assertEqual(status, 0)
        self.assertIsNone(results)
