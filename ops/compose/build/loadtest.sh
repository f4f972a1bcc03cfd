#!/bin/sh
# Adds Locust and the load test to a server that backend.sh made: `loadtest.sh SOURCE PREFIX`.
set -eu
source=$1 prefix=$2
"$prefix/bin/python" -m pip install --quiet --no-cache-dir --disable-pip-version-check --no-compile \
    --only-binary=:all: --no-deps --require-hashes -r "$source/requirements/loadtest.txt"
cp -R "$source/loadtest" "$("$prefix/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/"
