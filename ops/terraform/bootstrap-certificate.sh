#!/bin/sh
# Makes the certificate that the load balancer shows until it has a real one: bootstrap-certificate.sh ENVIRONMENT DOMAIN
set -eu
folder=$(cd "$(dirname "$0")/environments/$1" && pwd)
if [ -s "$folder/bootstrap.crt" ]; then echo "It is there already: $folder/bootstrap.crt"; exit 0; fi
umask 077
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/CN=$2" \
    -keyout "$folder/bootstrap.key" -out "$folder/bootstrap.crt" 2> /dev/null
echo "Made $folder/bootstrap.crt, self-signed for $2."
