#!/bin/bash
# Proves that a backup restores: drill.sh BACKUP.zip.age KEY_FILE. It imports into new embedded stores, exports them again
# and compares. Nothing that runs is touched. PRICKLE names the command, where it is not installed as `prickle`.
set -euo pipefail
backup=$1 key=$2
prickle=${PRICKLE:-prickle}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

age --decrypt --identity "$key" --output "$work/backup.zip" "$backup"
"$prickle" import "$work/backup.zip" --data "$work/data"
"$prickle" export "$work/again.zip" --data "$work/data"
python3 "$here/compare.py" "$work/backup.zip" "$work/again.zip"
