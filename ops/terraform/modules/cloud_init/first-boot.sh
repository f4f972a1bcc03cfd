#!/bin/bash
# What the first boot does once the volume is there; it may be run again, after a boot that went wrong.
set -euo pipefail
# shellcheck source=/dev/null
. /etc/prickle/deployment.env

# The reserved address comes after the boot, and without it there is no internet.
until curl -fsS -o /dev/null --max-time 5 "$REPOSITORY_URL"; do sleep 5; done

[ -d /opt/prickle ] || git clone --quiet "$REPOSITORY_URL" /opt/prickle
cd /opt/prickle
[ -n "$REPOSITORY_REF" ] && git checkout --quiet "$REPOSITORY_REF"

[ -x /opt/oci/bin/oci ] || { python3 -m venv /opt/oci && /opt/oci/bin/pip install --quiet "oci-cli==3.95.1"; }
ops/deploy.sh
install -m 644 ops/certificates/*.service ops/certificates/*.timer ops/backup/*.service ops/backup/*.timer /etc/systemd/system/
systemctl daemon-reload
systemctl enable --now prickle-first-certificate.timer prickle-certificate.timer prickle-backup.timer
