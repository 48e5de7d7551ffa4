"""Runs the unittest tests of a folder and writes their results as JUnit XML.

``python3 -B tools/run_tests.py tests/unit --junit results.xml``, from the project's root.

Exits 0 when every test passed or was skipped, 1 when one did not, 2 when the folder is none,
5 when there was no test at all. A module that can't be imported is an error, and so is a
``setUpClass`` that raises. The results are written when all is over, in one step: a run that
dies leaves no file behind, and never that of an earlier run.
"""

import argparse
import inspect
import os
import re
import sys
import time
import unittest
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from xml.etree import ElementTree

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# The worst of what happened to a test is its outcome.
PASSED, SKIPPED, FAILURE, ERROR = range(4)
ELEMENTS = {SKIPPED: "skipped", FAILURE: "failure", ERROR: "error"}


@dataclass
class Case:
    """One test, and all that happened to it."""

    classname: str
    name: str
    file: str = ""
    line: int = 0
    seconds: float = 0.0
    outcome: int = PASSED
    message: str = ""
    details: list[str] = field(default_factory=list)

    def note(self, outcome: int, message: str, detail: str = "") -> None:
        """Something happened; what is worse than before becomes the outcome."""
        if outcome >= self.outcome:
            self.outcome, self.message = outcome, message
        if detail:
            self.details.append(detail)

    def element(self) -> ElementTree.Element:
        """The test as JUnit's ``testcase``."""
        attributes = {"classname": self.classname, "name": self.name, "time": f"{self.seconds:.6f}"}
        if self.file:
            attributes.update(file=self.file, line=str(self.line))
        case = ElementTree.Element(
            "testcase", {key: printable(text) for key, text in attributes.items()}
        )
        if self.outcome in ELEMENTS:
            reason = ElementTree.SubElement(
                case, ELEMENTS[self.outcome], message=printable(self.message)
            )
            reason.text = printable("\n".join(self.details)) or None
        return case


class Results(unittest.TextTestResult):
    """Prints as unittest does, and keeps a ``Case`` of each test that was started or broken."""

    def __init__(self, *arguments: object, **options: object) -> None:
        """Takes what ``TextTestRunner`` hands over."""
        super().__init__(*arguments, **options)
        # By identity, since unittest calls two tests equal that run the same method; the test is
        # kept beside its case, so that no later one can take its identity.
        self._cases: dict[int, tuple[object, Case]] = {}
        self._started = 0.0

    @property
    def cases(self) -> list[Case]:
        """All tests so far, in the order in which they began."""
        return [case for _, case in self._cases.values()]

    def startTest(self, test: unittest.TestCase) -> None:  # noqa: N802 (names given by unittest)
        """The clock of a test runs from here."""
        super().startTest(test)
        self._case(test)
        self._started = time.perf_counter()

    def stopTest(self, test: unittest.TestCase) -> None:  # noqa: N802
        """The clock of a test runs to here."""
        self._case(test).seconds = time.perf_counter() - self._started
        super().stopTest(test)

    def addError(self, test: unittest.TestCase, err: tuple) -> None:  # noqa: N802
        """The test, its setup or its cleanup raised."""
        super().addError(test, err)
        self._case(test).note(ERROR, headline(err), self.errors[-1][1])

    def addFailure(self, test: unittest.TestCase, err: tuple) -> None:  # noqa: N802
        """An assertion did not hold."""
        super().addFailure(test, err)
        self._case(test).note(FAILURE, headline(err), self.failures[-1][1])

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: tuple) -> None:  # noqa: N802
        """A part of a test ended; the test is as bad as its worst part."""
        super().addSubTest(test, subtest, err)
        if err is None:
            return
        failed = issubclass(err[0], test.failureException)
        detail = (self.failures if failed else self.errors)[-1][1]
        message = f"{subtest._subDescription()} {headline(err)}"
        self._case(test).note(FAILURE if failed else ERROR, message, detail)

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:  # noqa: N802
        """The test, or its whole class or module, was not run."""
        super().addSkip(test, reason)
        self._case(test).note(SKIPPED, reason)

    def addExpectedFailure(self, test: unittest.TestCase, err: tuple) -> None:  # noqa: N802
        """A failure that the test announced says nothing good: it counts as skipped."""
        super().addExpectedFailure(test, err)
        self._case(test).note(SKIPPED, "expected failure", headline(err))

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802
        """A test that passed although it said that it fails."""
        super().addUnexpectedSuccess(test)
        self._case(test).note(FAILURE, "unexpected success")

    def _case(self, test: unittest.TestCase) -> Case:
        if id(test) not in self._cases:
            self._cases[id(test)] = (test, describe(test))
        return self._cases[id(test)][1]


def describe(test: unittest.TestCase) -> Case:
    """Names and place of a test, or of what stands in for one that could not be made."""
    kind = type(test)
    if kind.__module__.startswith("unittest."):
        return stand_in(test.id())
    name = test._testMethodName
    case = Case(classname=f"{kind.__module__}.{kind.__qualname__}", name=name)
    code = getattr(inspect.unwrap(getattr(kind, name)), "__code__", None)
    if code:
        case.file, case.line = os.path.relpath(code.co_filename), code.co_firstlineno
    return case


def stand_in(name: str) -> Case:
    """``setUpClass (tests.unit.test_x.Y)``, or a module that could not be imported."""
    found = re.fullmatch(r"(?:unittest\.loader\.\w+\.)?(.+?)(?: \((.+)\))?", name)
    case = Case(classname=found[2] or found[1], name=found[1])
    parts = case.classname.split(".")
    modules = ("/".join(parts[:end]) + ".py" for end in range(len(parts), 0, -1))
    case.file = next((path for path in modules if os.path.isfile(path)), "")
    case.line = 1
    return case


def headline(err: tuple) -> str:
    """Type and first line of an exception."""
    text = str(err[1]).strip().splitlines()
    return f"{err[0].__name__}: {text[0]}" if text else err[0].__name__


def printable(text: str) -> str:
    """The text without what XML can't hold."""
    return NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def document(cases: list[Case], name: str, started: datetime) -> ElementTree.ElementTree:
    """The whole JUnit document: one suite for each class of tests."""
    root = ElementTree.Element("testsuites", name=name, **totals(cases))
    suites: dict[str, list[Case]] = {}
    for case in cases:
        suites.setdefault(case.classname, []).append(case)
    for classname, members in suites.items():
        stamp = started.isoformat(timespec="seconds")
        suite = ElementTree.SubElement(
            root, "testsuite", name=classname, timestamp=stamp, **totals(members)
        )
        suite.extend(case.element() for case in members)
    return ElementTree.ElementTree(root)


def totals(cases: list[Case]) -> dict[str, str]:
    """The counts of a suite as attributes."""
    outcomes = [case.outcome for case in cases]
    return {
        "tests": str(len(cases)),
        "failures": str(outcomes.count(FAILURE)),
        "errors": str(outcomes.count(ERROR)),
        "skipped": str(outcomes.count(SKIPPED)),
        "time": f"{sum(case.seconds for case in cases):.6f}",
    }


def write(tree: ElementTree.ElementTree, path: Path) -> None:
    """Write the file beside its place, then move it there."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    tree.write(unfinished, encoding="utf-8", xml_declaration=True)
    os.replace(unfinished, path)


def main() -> int:
    """Run the tests; returns the exit status."""
    parser = argparse.ArgumentParser(description="Runs the unittest tests of a folder.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--junit", type=Path, help="where the results go")
    options = parser.parse_args()
    if not options.folder.is_dir():
        parser.error(f"{options.folder} is not a folder")
    if options.junit:
        options.junit.parent.mkdir(parents=True, exist_ok=True)
        options.junit.unlink(missing_ok=True)

    started = datetime.now(timezone.utc)
    tests = unittest.defaultTestLoader.discover(str(options.folder), top_level_dir=os.getcwd())
    results = unittest.TextTestRunner(resultclass=Results, stream=sys.stdout).run(tests)
    cases = results.cases
    if options.junit:
        write(document(cases, str(options.folder), started), options.junit)
    if not cases:
        return 5
    return 1 if any(case.outcome in (FAILURE, ERROR) for case in cases) else 0


if __name__ == "__main__":
    sys.exit(main())
