#!/bin/bash
# Looks at a deployment from inside: nginx, replicas, the way through TLS and the proxies, clock, disk, certificate, backup.
# shellcheck disable=SC2329  # the functions are called through check
set -uo pipefail
# shellcheck source=/dev/null
. "${PRICKLE_DEPLOYMENT:-/etc/prickle/deployment.env}"
inside=http://127.0.0.1:${PRICKLE_PORT:-80}
outside=${PRICKLE_PUBLIC_URL:-https://$DOMAIN}
volume=${PRICKLE_VOLUMES:-/srv/prickle}
live=${PRICKLE_LIVE:-/etc/letsencrypt/live/prickle}
figures=${PRICKLE_FIGURES:-/var/lib/prickle/figures}
failed=0

check() { # NAME HINT COMMAND...
    if "${@:3}" > /dev/null 2>&1; then echo "ok       $1"; else echo "problem  $1: $2"; failed=1; fi
}

get() { curl -fsS --max-time 8 "$@"; }

# Where the upgrade succeeds, curl waits on until its time is up.
upgrades() { # URL
    local status
    status=$(curl -sS --http1.1 --max-time 3 --output /dev/null --write-out '%{http_code}' -H "Connection: Upgrade" -H "Upgrade: websocket" \
        -H "Sec-WebSocket-Version: 13" -H "Sec-WebSocket-Key: cHJpY2tsZSBsb29rcyBoZQ==" \
        -H "Origin: $outside" "$1/socket.io/?EIO=4&transport=websocket")
    [ "$status" = 101 ]
}

goes_to_https() { get --output /dev/null --write-out '%{redirect_url}' "http://$DOMAIN/a?b=c" | grep -q "^https://$DOMAIN.*/a?b=c"; }

clock_is_right() {
    local theirs
    theirs=$(date -d "$(get --head "$outside/health" | sed -n 's/^[Dd]ate: //p' | tr -d '\r')" +%s) || return
    [ "$(($(date +%s) - theirs))" -ge -5 ] && [ "$(($(date +%s) - theirs))" -le 5 ]
}

has_room() { [ "$(df --output=pcent "$1" | tail -1 | tr -dc 0-9)" -lt 85 ]; }

is_recent() { [ "$(find "$1" -mmin "-$2" | wc -l)" -gt 0 ]; }

check "nginx" "docker compose logs nginx" get "$inside/nginx-health"
check "replicas and their stores" "docker compose logs backend-1 backend-2" get "$inside/health/ready"
check "websocket through nginx" "snippets/proxy.conf must forward Upgrade" upgrades "$inside"
check "HTTPS from outside" "the domain, the load balancer or the certificate" get "$outside/health"
check "websocket from outside" "the load balancer's listener must speak HTTP, and X-Forwarded-Proto arrive" upgrades "$outside"
check "80 sends to 443" "the rule set of the load balancer's http listener" goes_to_https
check "clock" "timedatectl: tokens and certificates depend on it" clock_is_right
check "disk of the system" "docker system prune" has_room /
check "disk of the data" "plugins.files.max_server_bytes, or a larger volume" has_room "$volume"
check "certificate for two weeks more" "journalctl -u prickle-certificate" openssl x509 -checkend 1209600 -noout -in "$live/fullchain.pem"
check "backup of the last 36 hours" "journalctl -u prickle-backup" is_recent "$figures/backup.prom" 2160
exit "$failed"
