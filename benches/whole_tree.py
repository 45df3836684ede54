#!/usr/bin/env python3
"""Whole-tree benchmark: soalint against the floor of listing and reading the same files.

    python3 benches/whole_tree.py [--services 10000] [--runs 7] [--keep DIR]

Builds the release program and the floor (benches/read_floor.rs), generates a tree with
benches/gen_corpus.py, warms the page cache, then runs both in turn and prints each one's
median time and the median of the paired ratios. Quote the ratio: times depend on the machine.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


def run(command):
    """Seconds and peak megabytes of one run."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{command}: exit status {status}")
    return seconds, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--services", type=int, default=10000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--keep", help="use (or make) the tree in this directory")
    args = parser.parse_args()
    subprocess.run(["cargo", "build", "--release", "--quiet", "--bin", "soalint", "--example", "read_floor"],
                   cwd=ROOT, check=True)
    target = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
    soalint = os.path.join(target, "release", "soalint")
    floor = os.path.join(target, "release", "examples", "read_floor")
    with tempfile.TemporaryDirectory() as scratch:
        tree = args.keep or os.path.join(scratch, "tree")
        if not os.path.isdir(tree):
            subprocess.run([sys.executable, os.path.join(HERE, "gen_corpus.py"), "--services", str(args.services),
                            "--out", tree, "--seed", "1"],
                           check=True, stdout=subprocess.DEVNULL)
        first = sorted(os.listdir(tree))[0]
        base = [floor, tree, str(args.threads)]
        common = ["-d", tree, "-j", str(args.threads), "--isolated"]
        commands = {
            "check, whole tree": [soalint, "check", *common, "--output-format", "concise"],
            "check, one service": [soalint, "check", *common, "--output-format", "concise",
                                   os.path.join(tree, first)],
            # About 37,000 instances in the generated tree of 10,000 services.
            "emit marathon, every cluster": [soalint, "emit", "marathon", *common, "--all-clusters", "--quiet"],
        }
        for command in [base, *commands.values()]:
            run(command)
        times = {name: [] for name in ["floor", *commands]}
        ratios = {name: [] for name in commands}
        peak = {}
        for _ in range(args.runs):
            for name, command in commands.items():
                bottom, _ = run(base)
                took, peak[name] = run(command)
                times["floor"].append(bottom)
                times[name].append(took)
                ratios[name].append(took / bottom)
        print(f"floor (list and read everything): {statistics.median(times['floor']) * 1000:.0f} ms")
        for name in commands:
            print(f"{name}: {statistics.median(times[name]) * 1000:.0f} ms = "
                  f"{statistics.median(ratios[name]):.2f} x floor "
                  f"(min {min(ratios[name]):.2f}, max {max(ratios[name]):.2f}), {peak[name]:.0f} MB")
        pairs = zip(times["emit marathon, every cluster"], times["check, whole tree"])
        print(f"emit / check: {statistics.median(emit / check for emit, check in pairs):.2f}")


if __name__ == "__main__":
    main()
