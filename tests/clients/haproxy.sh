#!/bin/sh
# The haproxy.cfg of the example tree, given to HAProxy itself; then requests through it.
# Usage: haproxy.sh SOALINT   (exit 77: skipped, HAProxy is not there)
set -eu
soalint=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
command -v haproxy >/dev/null || { echo "haproxy: skipped 4 checks, no haproxy here"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
for tree in "$root/examples/yelpsoa-configs" "$root/tests/data/smartstack/tree"; do
    for dialect in documented paasta-0.66; do
        "$soalint" emit haproxy -q -d "$tree" --isolated --dialect "$dialect" >"$work/haproxy.cfg"
        # -dW: a warning is a failure, too.
        haproxy -c -dW -f "$work/haproxy.cfg"
        grep -q '^frontend ' "$work/haproxy.cfg"
        passed=$((passed + 1))
    done
done
echo "haproxy: $passed configurations accepted by $(haproxy -v | head -n 1)"
