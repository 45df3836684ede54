#!/usr/bin/env python3
"""How many instructions soalint takes for its usual work, counted by valgrind, held against a budget.

    python3 benches/instructions.py [--update] [--services 1000] [SOALINT]

Counts do not depend on what else the machine does, so CI can compare them: more than 5 % over
benches/instructions.json is a failure, and so is so much less that the budget no longer says anything. `--update`
writes what was counted there; the commit says why it changed. Needs valgrind and, unless SOALINT is given, cargo.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
BUDGET = os.path.join(HERE, "instructions.json")
TOLERANCE = 0.05


def count(command, scratch):
    """Instructions of one run, in millions."""
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={os.path.join(scratch, 'out')}", *command],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    counted = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode not in (0, 1) or not counted:
        sys.exit(f"{' '.join(command)}: exit status {run.returncode}\n{run.stderr}")
    return round(int(counted[1]) / 1e6, 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="write what is counted into the budget")
    parser.add_argument("--services", type=int, default=1000)
    parser.add_argument("soalint", nargs="?", help="a release build; built here if it is not given")
    args = parser.parse_args()
    soalint = args.soalint
    if not soalint:
        subprocess.run(["cargo", "build", "--release", "--quiet", "--bin", "soalint"], cwd=ROOT, check=True)
        soalint = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target")), "release", "soalint")
    with open(BUDGET, encoding="utf-8") as file:
        budget = json.load(file)
    with tempfile.TemporaryDirectory() as scratch:
        tree = os.path.join(scratch, "tree")
        subprocess.run([sys.executable, os.path.join(HERE, "gen_corpus.py"), "--services", str(args.services),
                        "--out", tree, "--seed", "1"], check=True, stdout=subprocess.DEVNULL)
        first = os.path.join(tree, sorted(os.listdir(tree))[0])
        common = ["-d", tree, "-j", "1", "--isolated"]
        concise = [*common, "--output-format", "concise"]
        commands = {
            "check, whole tree": [soalint, "check", *concise],
            "check, whole tree, only the reading": [soalint, "check", *concise, "--only", "yaml-syntax"],
            "check, one service": [soalint, "check", *concise, first],
            "emit marathon, every cluster": [soalint, "emit", "marathon", *common, "--all-clusters", "--quiet"],
        }
        counted = {name: count(command, scratch) for name, command in commands.items()}
    if args.update:
        with open(BUDGET, "w", encoding="utf-8") as file:
            json.dump({"services": args.services, "millions of instructions": counted}, file, indent=2)
            file.write("\n")
        return
    if args.services != budget["services"]:
        sys.exit(f"the budget is that of {budget['services']} services")
    failed = False
    for name, millions in counted.items():
        allowed = budget["millions of instructions"].get(name)
        change = millions / allowed - 1 if allowed else 1
        is_wrong = abs(change) > TOLERANCE
        failed |= is_wrong
        print(f"{name}: {millions} million instructions, budget {allowed} ({change:+.1%})"
              f"{' <- update the budget, or find out why' if is_wrong else ''}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
