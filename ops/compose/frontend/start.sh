#!/bin/sh
# Shares the assets of this build with nginx, beside those of earlier builds: a page that was opened before an update may
# still ask for them. What no build has brought for a month goes.
set -eu
find /srv/assets -type f -mtime +30 -delete
mkdir -p /srv/assets/assets
cp -R /srv/webapp/assets/. /srv/assets/assets/
exec nginx -c /etc/prickle/nginx/nginx.conf -e stderr -g 'daemon off; pid /tmp/nginx.pid;'
