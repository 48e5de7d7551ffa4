#!/usr/bin/env bash
# Passes all tests: installs what they need, builds, and lets sdd judge its own project.
# What the tests said is read once more here, without sdd: a gate must not be its own only witness.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bash tests/setup.sh
export PATH="$PWD/.tools/bin:$PATH"
results=target/nextest/ci/junit.xml
rm -f "$results"

cargo build --locked
code=0
target/debug/sdd run end-of-session || code=$?

python3 - "$results" <<'PYTHON' || code=1
import sys
import xml.etree.ElementTree as tree

cases = list(tree.parse(sys.argv[1]).getroot().iter("testcase"))
failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
for case in failed:
    print("failed:", case.get("classname"), case.get("name"))
print(f"{len(cases) - len(failed)} passed, {len(failed)} failed")
sys.exit(bool(failed) or not cases)
PYTHON
exit "$code"
