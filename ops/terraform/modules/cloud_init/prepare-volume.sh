#!/bin/sh
# Waits for the data volume, formats it if it is empty, and mounts it at /srv/prickle. It is attached after the boot.
set -eu
device=${PRICKLE_DEVICE:-/dev/oracleoci/oraclevdb}
fallback=${PRICKLE_FALLBACK_DEVICE:-/dev/sdb}
mount_point=${PRICKLE_MOUNT:-/srv/prickle}
fstab=${PRICKLE_FSTAB:-/etc/fstab}
label=prickle-data

tries=0
until [ -e "$device" ]; do
    tries=$((tries + 1))
    # Oracle's agent makes the link of the first name; where it is missing, the second disk is the one.
    if [ "$tries" -gt 60 ] && [ -e "$fallback" ]; then device=$fallback; break; fi
    if [ "$tries" -gt 180 ]; then echo "The data volume did not appear." >&2; exit 1; fi
    sleep "${PRICKLE_WAIT_S:-5}"
done

# wipefs tells of partition tables too: only what has no signature at all is formatted.
if [ -z "$(wipefs --noheadings "$device")" ]; then
    mkfs.ext4 -q -L "$label" "$device"
elif ! blkid "$device" | grep -q "LABEL=\"$label\""; then
    echo "The data volume holds something that is not Prickle's; nothing was changed." >&2
    exit 1
fi

mkdir -p "$mount_point"
grep -q "LABEL=$label " "$fstab" ||
    echo "LABEL=$label $mount_point ext4 defaults,noatime,_netdev,nofail 0 2" >> "$fstab"
mountpoint -q "$mount_point" || mount "$mount_point"

install -d -m 700 -o 999 -g 999 "$mount_point/mongodb"
install -d -m 700 -o 10002 -g 10002 "$mount_point/minio"
install -d -m 755 "$mount_point/acme"
install -d -m 700 -o 10001 -g 10001 "$mount_point/backups"
