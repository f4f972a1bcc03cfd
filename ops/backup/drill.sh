#!/bin/bash
# Proves that a backup restores: drill.sh BACKUP.zip.age KEY_FILE [DOCUMENTS_URL]. It imports into new stores, exports them
# again and compares. With the URL of an empty MongoDB it goes into that first, and from there into SQLite: no step may lose
# anything. Nothing that runs is touched. PRICKLE names the command, where it is not installed as `prickle`.
set -euo pipefail
backup=$1 key=$2 documents_url=${3:-}
prickle=${PRICKLE:-prickle}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

through() { # FROM TO STORES...
    "$prickle" import "$1" "${@:3}"
    "$prickle" export "$2" "${@:3}"
    python3 "$here/compare.py" "$work/backup.zip" "$2"
}

age --decrypt --identity "$key" --output "$work/backup.zip" "$backup"
last=$work/backup.zip
if [ -n "$documents_url" ]; then
    # By the environment: an address may hold a password, and every process sees the arguments of all.
    PRICKLE_STORAGE__DOCUMENTS_URL=$documents_url through "$last" "$work/documents.zip" --data "$work/other"
    last=$work/documents.zip
fi
through "$last" "$work/again.zip" --data "$work/data"
