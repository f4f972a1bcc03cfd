#!/bin/bash
# Exports everything, encrypts it and puts it into object storage. The key that opens it is not on this machine.
set -euo pipefail
PATH=/opt/oci/bin:$PATH
cd "$(dirname "$0")/.."
# shellcheck source=/dev/null
. "${PRICKLE_DEPLOYMENT:-/etc/prickle/deployment.env}"
folder=${PRICKLE_BACKUPS:-/srv/prickle/backups}
state=${PRICKLE_STATE:-/var/lib/prickle}
figures=${PRICKLE_FIGURES:-/var/lib/prickle/figures}
keep=3 # here, for a quick way back; object storage keeps a month
export OCI_CLI_AUTH=instance_principal OCI_CLI_SUPPRESS_FILE_PERMISSIONS_WARNING=True

exec 9> "$folder/.lock"
flock --nonblock 9 || { echo "Another backup is under way." >&2; exit 1; }
name=prickle-$(date -u +%Y%m%dT%H%M%SZ).zip
PRICKLE_VERSION=$(cat "$state/version") docker compose --env-file "compose/sizes/$SIZE.env" --file compose/compose.yaml \
    run --rm --no-deps -T tool export "/backups/$name" --config /etc/prickle/prickle.toml 9>&-

age --encrypt --recipient "$BACKUP_RECIPIENT" --output "$folder/$name.age" "$folder/$name"
rm "$folder/$name"

# What is beyond the free 20 GB would cost money: then the copy here is all there is, until somebody looks.
used=$(oci os bucket get --namespace "$BACKUP_NAMESPACE" --bucket-name "$BACKUP_BUCKET" --fields approximateSize |
    jq -r '.data["approximate-size"] // 0')
if [ $((used + $(stat -c %s "$folder/$name.age"))) -gt "${BACKUP_MAX_BYTES:-19000000000}" ]; then
    echo "ALARM: $name.age stays on this machine: with it, the bucket would hold more than is free." >&2
    exit 1
fi
oci os object put --namespace "$BACKUP_NAMESPACE" --bucket-name "$BACKUP_BUCKET" --name "$name.age" \
    --file "$folder/$name.age" --no-multipart --no-overwrite > /dev/null
find "$folder" -name 'prickle-*.zip.age' | sort --reverse | tail -n +$((keep + 1)) | xargs --no-run-if-empty rm
mkdir -p "$figures"
echo "prickle_backup_timestamp_seconds $(date +%s)" > "$figures/backup.prom.new"
mv "$figures/backup.prom.new" "$figures/backup.prom"
echo "Backed up as $name.age."
