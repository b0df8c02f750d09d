#!/usr/bin/env bash
# A real S3 server on loopback for the tests: one Ceph monitor, one in-memory OSD and radosgw, as plain processes.
# Installs nothing. Debian and Ubuntu: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd ceph-common
#
#   tools/services/s3.sh start DIR [PORT]   DIR is emptied first; prints the settings when the server answers (about 12 s)
#   tools/services/s3.sh stop DIR           ends what was started there and removes DIR
#
# Keys: speedtest / speedsecret. Everything is kept in memory and gone after stop.
set -euo pipefail

usage() { sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2; }
[ $# -ge 2 ] || usage
ACTION=$1 DIR=$(mkdir -p "$2" && cd "$2" && pwd) PORT=${3:-7480}
CONF=$DIR/ceph.conf
export CEPH_CONF=$CONF

require() {
  for tool in ceph-mon ceph-osd radosgw radosgw-admin ceph monmaptool; do
    command -v "$tool" >/dev/null || {
      echo "s3.sh: $tool is not installed; run: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd ceph-common" >&2
      exit 3
    }
  done
}

write_conf() {
  cat > "$CONF" <<CONF
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon host = v2:127.0.0.1:$((PORT + 1))
public addr = 127.0.0.1
ms bind ipv6 = false
auth cluster required = none
auth service required = none
auth client required = none
run dir = $DIR/run
admin socket = $DIR/run/\$name.asok
pid file = $DIR/run/\$name.pid
log file = $DIR/log/\$name.log
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 1000
osd objectstore = memstore
memstore device bytes = 4294967296
ms mon client mode = crc
ms mon service mode = crc
ms mon cluster mode = crc
ms client mode = crc
ms service mode = crc
ms cluster mode = crc
mon data avail crit = 1
mon data avail warn = 2
keyring = $DIR/keyring
[mon.a]
mon data = $DIR/mon
[osd.0]
osd data = $DIR/osd
osd class load list = *
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:$PORT tcp_nodelay=1
rgw enable usage log = false
rgw enable ops log = false
rgw gc max objs = 1
rgw data log num shards = 1
rgw md log max shards = 1
rgw lc max objs = 1
rgw usage max shards = 1
rgw reshard num logs = 1
rgw override bucket index max shards = 1
rgw dynamic resharding = false
rgw run sync thread = false
CONF
}

as_me=(--setuser "$(id -un)" --setgroup "$(id -gn)")

start() {
  require
  rm -rf "${DIR:?}"/*
  mkdir -p "$DIR"/{mon,osd,run,log}
  touch "$DIR/keyring"
  write_conf
  local fsid; fsid=$(sed -n 's/^fsid = //p' "$CONF")
  monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$((PORT + 1))]" --clobber "$DIR/monmap" >/dev/null
  ceph-mon -c "$CONF" --id a --mkfs --monmap "$DIR/monmap" "${as_me[@]}"
  ceph-mon -c "$CONF" --id a "${as_me[@]}"
  local osd; osd=$(cat /proc/sys/kernel/random/uuid)
  timeout 30 ceph -c "$CONF" osd new "$osd" >/dev/null
  ceph-osd -c "$CONF" --id 0 --mkfs --osd-uuid "$osd" "${as_me[@]}" 2>/dev/null
  ceph-osd -c "$CONF" --id 0 "${as_me[@]}" >/dev/null
  timeout 60 radosgw -c "$CONF" --client-mount-timeout=20 --rgw-init-timeout=40 -n client.rgw "${as_me[@]}"
  timeout 60 bash -c "until (exec 3<>/dev/tcp/127.0.0.1/$PORT) 2>/dev/null; do sleep 0.1; done"
  timeout 60 radosgw-admin -c "$CONF" -n client.rgw user create --uid=speed --display-name=speed \
    --access-key=speedtest --secret-key=speedsecret >/dev/null 2>&1
  echo "export SPEED_S3_ENDPOINT=http://127.0.0.1:$PORT AWS_ACCESS_KEY_ID=speedtest AWS_SECRET_ACCESS_KEY=speedsecret AWS_REGION=us-east-1"
}

# Only processes whose id this folder holds, and only while they are what they were.
stop() {
  for file in "$DIR"/run/*.pid; do
    [ -e "$file" ] || continue
    local pid; pid=$(cat "$file")
    if tr '\0' ' ' < "/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$CONF"; then
      kill "$pid"
      for _ in $(seq 100); do [ -d "/proc/$pid" ] || break; sleep 0.1; done
      if [ -d "/proc/$pid" ]; then kill -9 "$pid"; fi
    fi
  done
  rm -rf "$DIR"
}

case $ACTION in start) start ;; stop) stop ;; *) usage ;; esac
