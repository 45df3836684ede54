"""Opens the reports of soalint with Python's own readers. Usage: reports.py SOALINT"""

import json
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

HOSTILE = ["]]><failure>", "a\n::error::boo", "\x1b[31m", "&amp;\"'<!--", "\ufffe\uffff", "|`x`|", "\u202e"]


def hostile_tree(root):
    for number, text in enumerate(HOSTILE):
        service = root / f"{number}{text.replace('/', '_')}"
        service.mkdir()
        quoted = json.dumps(text)
        (service / "marathon-prod.yaml").write_text(
            f"main:\n  cmd: run\n  args: [{quoted}]\n  bounce_method: {quoted}\n{quoted}: 1\n", encoding="utf-8"
        )


def report(soalint, root, form):
    command = [soalint, "check", "-d", str(root), "--output-format", form]
    ran = subprocess.run(command, capture_output=True, check=False)
    assert ran.returncode in (0, 1), ran.stderr.decode()
    return ran.stdout


def check(soalint, root, has_findings):
    suites = xml.etree.ElementTree.fromstring(report(soalint, root, "junit"))
    assert suites.tag == "testsuites"
    assert len(suites.findall(".//testcase")) == int(suites.get("tests"))
    assert len(suites.findall(".//failure")) == int(suites.get("failures"))
    document = json.loads(report(soalint, root, "json"))
    lines = [json.loads(line) for line in report(soalint, root, "json-lines").splitlines()]
    assert lines[-1]["summary"] == document["summary"]
    assert len(lines) - 1 == len(document["diagnostics"])
    assert bool(document["diagnostics"]) == has_findings
    results = json.loads(report(soalint, root, "sarif"))["runs"][0]["results"]
    issues = json.loads(report(soalint, root, "gitlab"))
    assert len(results) == len(issues) == len(document["diagnostics"])


def main():
    soalint = sys.argv[1]
    examples = pathlib.Path(__file__).resolve().parents[2] / "examples"
    check(soalint, examples / "yelpsoa-configs", False)
    check(soalint, examples / "mistakes", True)
    with tempfile.TemporaryDirectory() as directory:
        hostile_tree(pathlib.Path(directory))
        check(soalint, pathlib.Path(directory), True)
    print("reports: Python reads JUnit, SARIF, GitLab's report and JSON of 3 trees")


if __name__ == "__main__":
    main()
