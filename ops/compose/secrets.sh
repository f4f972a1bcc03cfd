#!/bin/sh
# Makes the secrets of a deployment in secrets/, once; what is there stays as it is.
#
# Compose hands these files to containers with the owner and mode that they have here, so each is readable by all, in a
# folder that only its owner may enter.
set -eu
cd "$(dirname "$0")"
mkdir -p secrets
chmod 700 secrets
umask 022

word() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
keep() { # NAME TEXT: write it whole, or leave the one that is there
    [ -s "secrets/$1" ] && return
    printf '%s\n' "$2" > "secrets/.$1"
    mv "secrets/.$1" "secrets/$1"
    echo "Made secrets/$1."
}

keep secret "$(word)"
keep mongodb_password "$(word)"
keep minio_password "$(word)"
keep redis_conf "requirepass $(word)"
mongodb=$(cat secrets/mongodb_password) minio=$(cat secrets/minio_password)
redis=$(cut -d' ' -f2 secrets/redis_conf)
keep documents_url "mongodb://prickle:$mongodb@mongodb:27017/prickle?authSource=admin"
keep bus_url "redis://:$redis@redis:6379/0"
keep blobs_url "s3://prickle:$minio@minio:9000/prickle?secure=false"
for url in documents bus blobs; do
    keep "dev_${url}_url" "$(sed -E 's/@[a-z]+:/@127.0.0.1:/' "secrets/${url}_url")"
done
