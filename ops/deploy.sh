#!/bin/bash
# Starts or updates Prickle on this machine: deploy.sh [REF | rollback]
#
# An update replaces one replica after the other while the other serves; nginx sends nobody to the one that is away. When a
# new one does not become healthy, those that were replaced get their old version back and the script ends with 1.
# `rollback` does the same with the version before the present one. A release whose notes name a migration that is not
# forward compatible is deployed with PRICKLE_STOP_ALL=1: all replicas stop before the first new one starts.
set -euo pipefail
cd "$(dirname "$0")/.."
deployment=${PRICKLE_DEPLOYMENT:-/etc/prickle/deployment.env}
state=${PRICKLE_STATE:-/var/lib/prickle}
pause_s=${PRICKLE_PAUSE_S:-6} # clients of the first replica are back, and nginx has tried it again
replicas=(backend-1 backend-2)
# shellcheck source=/dev/null
. "$deployment"
export PRICKLE_PUBLIC_URL=${PRICKLE_PUBLIC_URL:-https://$DOMAIN} PRICKLE_PORT=${PRICKLE_PORT:-80}

say() { echo "deploy: $*"; }

compose() { # VERSION ARGUMENTS...
    PRICKLE_VERSION=$1 docker compose --env-file "ops/compose/sizes/$SIZE.env" --file ops/compose/compose.yaml "${@:2}"
}

start() { # VERSION SERVICE...
    compose "$1" up --detach --wait --wait-timeout 120 --no-deps "${@:2}"
}

answers() { curl -fsS --max-time 5 --output /dev/null "http://127.0.0.1:$PRICKLE_PORT/health/ready"; }

# Containers that are as this version wants them stay: Compose compares.
roll() { # VERSION PREVIOUS
    local replica old replaced=()
    if [ -n "${PRICKLE_STOP_ALL:-}" ]; then compose "$1" stop "${replicas[@]}"; fi
    for replica in "${replicas[@]}"; do
        say "$replica to $1."
        replaced+=("$replica")
        if ! start "$1" "$replica" || ! answers; then
            say "$replica is not well; back to $2."
            for old in "${replaced[@]}"; do start "$2" "$old" || say "$old does not come back with $2."; done
            return 1
        fi
        sleep "$pause_s"
    done
}

# One replica after the other here too: the first makes the collections.
first() { # VERSION
    local service
    start "$1" mongodb redis minio
    compose "$1" run --rm --no-deps bucket
    for service in "${replicas[@]}" frontend nginx; do start "$1" "$service"; done
}

# The pages before nginx, and nginx only if it has changed: to replace it costs a second in which nobody is answered.
finish() { # VERSION
    start "$1" frontend
    local built running
    built=$(docker image inspect --format '{{.Id}}' "prickle-nginx:$1")
    running=$(docker inspect --format '{{.Image}}' "$(compose "$1" ps --quiet nginx)")
    if [ "$built" = "$running" ]; then return; fi
    say "nginx has changed: for about a second nobody is answered."
    start "$1" nginx
}

fetch() { # REF
    git fetch --quiet --tags origin
    git checkout --quiet "$(git rev-parse --verify --quiet "origin/$1" || git rev-parse --verify "$1")"
}

main() {
    local version previous
    mkdir -p "$state"
    exec 9> "$state/deploy.lock"
    flock --nonblock 9 || { say "another deployment is under way."; exit 1; }
    previous=$(cat "$state/version" 2> /dev/null || true)
    if [ "${1:-}" = rollback ]; then
        version=$(cat "$state/version.before") || { say "there is no version before this one."; exit 1; }
    else
        [ -z "${1:-${REPOSITORY_REF:-}}" ] || fetch "${1:-$REPOSITORY_REF}"
        version=$(git rev-parse --short=12 HEAD)
        python3 ops/compose/sizes.py "$SIZE"
        ops/compose/secrets.sh
        say "building $version."
        compose "$version" build --quiet
    fi
    if [ -z "$previous" ]; then
        say "first start of $version."
        first "$version"
    else
        start "$previous" mongodb redis minio
        roll "$version" "$previous"
        finish "$version"
    fi
    answers
    if [ "$version" != "$previous" ]; then
        [ -z "$previous" ] || echo "$previous" > "$state/version.before"
        echo "$version" > "$state/version"
    fi
    say "$version is up."
}

main "$@"
