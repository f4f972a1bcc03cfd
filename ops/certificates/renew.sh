#!/bin/bash
# Gets a certificate for the domain, or renews it when it is due, and hangs it into the load balancer.
#
# Every step looks at what is there already, so a run that broke off half-way is completed by the next one. Exit codes: 0 all
# is well, 1 something failed (what was in use stays in use), 2 the certificate in use runs out within two weeks.
set -euo pipefail
PATH=/opt/oci/bin:$PATH
# shellcheck source=/dev/null
. "${PRICKLE_DEPLOYMENT:-/etc/prickle/deployment.env}"
webroot=${PRICKLE_ACME:-/srv/prickle/acme}
live=${PRICKLE_LIVE:-/etc/letsencrypt/live/prickle}
lock=${PRICKLE_LOCK:-/run/lock/prickle-certificate}
figures=${PRICKLE_FIGURES:-/var/lib/prickle/figures}
listener=https
alarm_days=14
export OCI_CLI_AUTH=instance_principal OCI_CLI_SUPPRESS_FILE_PERMISSIONS_WARNING=True

say() { echo "$*" >&2; }

load_balancer() { oci lb load-balancer get --load-balancer-id "$LOAD_BALANCER_ID"; }

# A first request before the domain points here would only use up the authority's patience (5 failures an hour).
domain_points_here() {
    local address
    address=$(jq -r '.data["ip-addresses"][0]["ip-address"]' <<< "$1")
    getent ahostsv4 "$DOMAIN" | grep -q "^$address " && return
    say "$DOMAIN does not point to $address yet: set that A record."
    return 1
}

upload() { # NAME
    say "Uploading $1."
    oci lb certificate create --load-balancer-id "$LOAD_BALANCER_ID" --certificate-name "$1" \
        --public-certificate-file "$live/fullchain.pem" --private-key-file "$live/privkey.pem" \
        --wait-for-state SUCCEEDED > /dev/null
}

# An update replaces the listener as a whole: whatever is not sent again is lost.
show() { # NAME LISTENER_JSON
    local options
    say "Showing $1."
    mapfile -t options < <(jq -r '
        def option($name): if . == null then empty else "--" + $name, (if type == "string" then . else tojson end) end;
        (.["default-backend-set-name"] | option("default-backend-set-name")),
        (.port | option("port")),
        (.protocol | option("protocol")),
        (.["hostname-names"] | option("hostname-names")),
        (.["path-route-set-name"] | option("path-route-set-name")),
        (.["routing-policy-name"] | option("routing-policy-name")),
        (.["rule-set-names"] | option("rule-set-names")),
        (.["connection-configuration"]["idle-timeout"] | option("connection-configuration-idle-timeout")),
        (.["ssl-configuration"] |
            (.protocols | option("protocols")),
            (.["cipher-suite-name"] | option("cipher-suite-name")),
            (.["server-order-preference"] | option("server-order-preference")),
            (.["has-session-resumption"] | option("ssl-session-resumption")),
            (.["verify-depth"] | option("ssl-verify-depth")),
            (.["verify-peer-certificate"] | option("ssl-verify-peer-certificate")))' <<< "$2")
    oci lb listener update --load-balancer-id "$LOAD_BALANCER_ID" --listener-name "$listener" \
        --ssl-certificate-name "$1" "${options[@]}" --force --wait-for-state SUCCEEDED > /dev/null
}

# The one that Terraform made stays: Terraform would only make it again.
remove_others() { # NAME LOAD_BALANCER_JSON
    local old
    jq -r --arg name "$1" '.data.certificates | keys[] | select(startswith("prickle-") and . != $name)' <<< "$2" |
        while read -r old; do
            say "Removing $old."
            oci lb certificate delete --load-balancer-id "$LOAD_BALANCER_ID" --certificate-name "$old" \
                --force --wait-for-state SUCCEEDED > /dev/null < /dev/null
        done
}

hang_in() {
    local state name
    name=prickle-$(sha256sum < "$live/fullchain.pem" | cut -c1-12)
    state=$(load_balancer)
    jq -e --arg name "$name" '.data.certificates[$name]' <<< "$state" > /dev/null || upload "$name"
    if [ "$(jq -r --arg listener "$listener" '.data.listeners[$listener]["ssl-configuration"]["certificate-name"]' <<< "$state")" != "$name" ]; then
        show "$name" "$(jq -c --arg listener "$listener" '.data.listeners[$listener]' <<< "$state")"
    fi
    remove_others "$name" "$(load_balancer)"
}

check_expiry() {
    local expires left
    expires=$(date -d "$(openssl x509 -noout -enddate -in "$live/fullchain.pem" | cut -d= -f2)" +%s)
    left=$(((expires - $(date +%s)) / 86400))
    mkdir -p "$figures"
    echo "prickle_certificate_expires_timestamp_seconds $expires" > "$figures/certificate.prom.new"
    mv "$figures/certificate.prom.new" "$figures/certificate.prom"
    [ "$left" -ge "$alarm_days" ] && return
    say "ALARM: the certificate of $DOMAIN runs out in $left days."
    return 2
}

main() {
    local failed=0
    exec 9> "$lock"
    if ! flock --nonblock 9; then say "Another renewal is under way."; return 0; fi
    mkdir -p "$webroot"
    if [ ! -s "$live/fullchain.pem" ] && ! domain_points_here "$(load_balancer)"; then return 1; fi
    certbot certonly --non-interactive --agree-tos --keep-until-expiring --webroot --webroot-path "$webroot" \
        --cert-name prickle --domain "$DOMAIN" --email "$EMAIL" >&2 9>&- || { say "certbot failed; see above."; failed=1; }
    [ -s "$live/fullchain.pem" ] || return 1
    # Not in an `if`: there set -e would be off within it, and a failed upload be followed by a switch to nothing.
    hang_in
    check_expiry || return $?
    return "$failed"
}

main
