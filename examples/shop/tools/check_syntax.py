"""Compiles every Python file below the given folders in memory: no byte code is written.

A warning of the compiler is an error here. Exits 0 when all compile, 1 when one does not,
2 when there was nothing to check.
"""

import sys
import warnings
from pathlib import Path


def problem(path: Path) -> str:
    """What is wrong with the file; empty when it compiles."""
    try:
        compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError, Warning) as error:
        line = getattr(error, "lineno", None) or 1
        return f"{path}:{line}: {error}"
    return ""


def main(folders: list[str]) -> int:
    """Check the folders; returns the exit status."""
    warnings.simplefilter("error")
    files = sorted(file for folder in folders for file in Path(folder).rglob("*.py"))
    if not files:
        sys.stderr.write(f"no Python file below {', '.join(folders) or 'no folder'}\n")
        return 2
    problems = [text for text in map(problem, files) if text]
    for text in problems:
        sys.stderr.write(f"{text}\n")
    sys.stdout.write(f"{len(files)} files, {len(problems)} with problems\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
