#!/bin/bash
# Runs the steps of the images in a Debian that holds nothing else, without Docker: `sudo ops/checks/clean_root.sh FOLDER`.
#
# It takes a few minutes and half a gigabyte, and needs debootstrap. Python is Debian's 3.11 instead of that of its image, and the
# webapp is taken from webapp/dist; everything else is what the Dockerfile says, its RUN lines taken from there.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(realpath "$1") root=$(realpath "$1")/root
dockerfile=ops/compose/Dockerfile
certificates=/etc/ssl/certs/ca-certificates.crt

inside() {
    chroot "$root" /usr/bin/env -i PATH=/opt/prickle/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp PIP_CERT=$certificates "$@"
}

as_user() { inside setpriv --reuid="$1" --regid="$1" --clear-groups "${@:2}"; }

step() { # STAGE: what its RUN says
    local text
    text=$(awk -v stage="$1" '/^FROM / { on = $NF == stage }
        on && /^RUN / { taken = 1; sub(/^RUN /, "") }
        taken { print; if (!/\\$/) taken = 0 }' "$dockerfile")
    [ -n "$text" ] || { echo "$dockerfile has no step $1." >&2; exit 1; }
    echo "--- $1"
    inside sh -euc "$text" >> "$folder/log" 2>&1 || { tail -n 20 "$folder/log" >&2; exit 1; }
}

# Its access log is its standard output, which Docker gives to the user that a container runs as.
nginx_takes() { # CONFIGURATION
    install -o 33 -m 600 /dev/null "$folder/access.log"
    as_user 33 nginx -t -q -c "/etc/prickle/$1/nginx.conf" -e stderr -g "pid /tmp/nginx.pid;" > "$folder/access.log"
    echo "ok   nginx takes the configuration of $1"
}

copy() { # SOURCE... FOLDER
    mkdir -p "$root/${*: -1}"
    cp -R "${@:1:$#-1}" "$root/${*: -1}/"
}

if [ ! -e "$root/etc/debian_version" ]; then
    echo "--- a new Debian"
    debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv bookworm "$root" >> "$folder/log"
fi
# It reaches out as this machine does, by the same names and with the same trust.
cp /etc/resolv.conf "$root/etc/"
cp "$certificates" "$root$certificates"
trap 'umount "$root/proc"' EXIT
mount -t proc proc "$root/proc"

copy requirements/runtime.txt /source/requirements
copy ops/compose/build/backend.sh plugins /source
copy backend/prickle /source/backend
rm -rf "$root/opt/prickle"
step python-packages
inside id prickle > /dev/null 2>&1 || step backend
as_user 10001 prickle doctor --data /data --port 0

step nginx-packages
copy webapp/dist/. /srv/webapp
copy ops/nginx/. ops/compose/nginx/. /etc/prickle/nginx
nginx_takes nginx
copy ops/nginx/snippets ops/compose/frontend/. /etc/prickle/frontend
inside /opt/prickle/bin/python -m prickle.http.page_headers /srv/webapp > "$root/etc/prickle/frontend/page_headers.conf"
nginx_takes frontend
