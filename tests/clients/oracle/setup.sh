#!/bin/sh
# Builds the environment of paasta.py in $VENV (default: paasta-venv in the temporary directory).
#
#   PYTHON36=/path/to/python3.6 sh setup.sh
#
# Needs a Python 3.6, a C compiler and a reachable Python package index; every
# package is asked for by name and exact version.
set -eu

PYTHON36=${PYTHON36:-python3.6}
VENV=${VENV:-${TMPDIR:-/tmp}/paasta-venv}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

rm -rf "$VENV"
"$PYTHON36" -m venv "$VENV"
PIP="$VENV/bin/pip --disable-pip-version-check --quiet"

# The package itself and only those dependencies that are imported by what the
# oracle calls, at the versions of its requirements.txt.
$PIP install --no-deps \
    paasta-tools==0.66.6 \
    service-configuration-lib==0.12.0 \
    argcomplete==0.8.1 \
    choice==0.1 \
    chronos-python==1.2.0 \
    croniter==0.3.14 \
    docker-py==1.2.3 \
    ephemeral-port-reserve==1.0.1 \
    httplib2==0.9.2 \
    humanize==0.5.1 \
    isodate==0.5.1 \
    jsonschema==2.5.1 \
    kazoo==2.2 \
    lockfile==0.9.1 \
    marathon==0.9.0 \
    pysensu-yelp==0.3.4 \
    python-crontab==2.1.1 \
    python-dateutil==2.4.2 \
    pytimeparse==1.1.5 \
    pytz==2016.10 \
    requests==2.6.2 \
    requests-cache==0.4.10 \
    retry==0.9.2 \
    decorator==4.0.10 \
    py==1.4.31 \
    simplejson==3.10.0 \
    six==1.10.0 \
    websocket-client==0.32.0

# PyYAML 3.11 with its C loader.  Systems of the time had libyaml 0.1.x, whose
# scanner is stricter than that of 0.2.x (it refuses "a:b" inside [] and {}).
# The source distribution of this package carries an unmodified libyaml 0.1.5.
cd "$WORK"
$PIP download --no-deps --no-binary :all: ruamel.yaml==0.11.15
tar xzf ruamel.yaml-0.11.15.tar.gz
cd ruamel.yaml-0.11.15/ext
mkdir "$WORK/libyaml"
cp yaml.h "$WORK/libyaml/"
for name in api dumper emitter loader parser reader scanner writer; do
    cc -O2 -fPIC -DHAVE_CONFIG_H -I. -c "$name.c" -o "$WORK/libyaml/$name.o"
done
ar rcs "$WORK/libyaml/libyaml.a" "$WORK"/libyaml/*.o
cd "$WORK"
$PIP install --no-deps --no-binary :all: --no-cache-dir \
    --global-option=build_ext --global-option="--include-dirs=$WORK/libyaml" \
    --global-option="--library-dirs=$WORK/libyaml" \
    PyYAML==3.11

"$VENV/bin/python" - <<'EOF'
import _yaml
import yaml
assert yaml.__version__ == '3.11', yaml.__version__
assert yaml.__with_libyaml__
assert _yaml.get_version_string() == '0.1.5', _yaml.get_version_string()
EOF
echo "ready: $VENV/bin/python paasta.py CASE"
