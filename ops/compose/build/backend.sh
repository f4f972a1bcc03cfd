#!/bin/sh
# Makes a folder with the server and its packages, all pinned by hash: `backend.sh SOURCE PREFIX`. The image runs it, and a
# test runs it in an empty folder.
set -eu
source=$1 prefix=$2
python3 -m venv "$prefix"
# Wheels only: nothing is compiled, so an image for arm64 needs no compiler and takes no longer than one for amd64.
"$prefix/bin/python" -m pip install --quiet --no-cache-dir --disable-pip-version-check --no-compile \
    --only-binary=:all: --no-deps --require-hashes -r "$source/requirements/runtime.txt"
packages=$("$prefix/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
cp -R "$source/backend/prickle" "$source/plugins" "$packages/"
# The interfaces of the plugins are in the webapp's image; templates for new plugins are for a checkout.
rm -rf "$packages"/plugins/*/web "$packages/prickle/cli/templates"
find "$packages/prickle" "$packages/plugins" -depth -type d \( -name tests -o -name __pycache__ \) -exec rm -rf {} +
printf '#!/bin/sh\nexec "%s/bin/python" -m prickle "$@"\n' "$prefix" > "$prefix/bin/prickle"
chmod 755 "$prefix/bin/prickle"
"$prefix/bin/python" -m compileall -q "$packages/prickle" "$packages/plugins"
