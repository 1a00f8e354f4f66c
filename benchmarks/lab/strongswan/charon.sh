#!/usr/bin/env bash
# charon.sh - strongSwan's IKE daemon, without systemd, in a network namespace.
#
#   charon.sh start NAMESPACE DIRECTORY CONF   starts it with the connections of CONF and waits until it answers
#   charon.sh initiate DIRECTORY CONNECTION    sets an IKE SA up; exits 0 when it stands
#   charon.sh list DIRECTORY                   the IKE SAs that stand
#   charon.sh stop DIRECTORY                   ends it
#
# DIRECTORY is made by the caller and holds ca.cert.pem, own.cert.pem and own.key.pem when CONF names certificates; the daemon's socket,
# log (charon.log) and pid are put there. In CONF, @LOCAL@, @REMOTE@, @REMOTE_PORT@ stand for these variables; the rest sets charon up:
#   LOCAL REMOTE           addresses                             (required)
#   PORT NAT_PORT          its own UDP ports                     (500, 4500)
#   REMOTE_PORT            the peer's UDP port                   (500)
#   COOKIE_THRESHOLD       half-open SAs from which it demands a COOKIE; 0 is never (30)
#   FRAGMENT_SIZE          largest IP packet before RFC 7383 fragments it (1280)
#   LOG_KEYS               1: SK_* keys are in charon.log, for key tables (0)
# Needs root and the packages strongswan-charon strongswan-swanctl and libstrongswan-standard-plugins; Curve25519 and ChaCha20 are in
# libstrongswan-extra-plugins and libcharon-extra-plugins.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
daemon=/usr/lib/ipsec/charon

start() {
  local namespace=$1 directory conf=$3 ike_log=2
  directory=$(cd "$2" && pwd)
  [ -x "$daemon" ] || { echo "no $daemon: install strongswan-charon" >&2; exit 1; }
  [ "${LOG_KEYS:-0}" = 0 ] || ike_log=4
  sed -e "s#@DIRECTORY@#$directory#g" -e "s#@PORT@#${PORT:-500}#" -e "s#@NAT_PORT@#${NAT_PORT:-4500}#" -e "s#@IKE_LOG@#$ike_log#" \
    -e "s#@COOKIE_THRESHOLD@#${COOKIE_THRESHOLD:-30}#" -e "s#@FRAGMENT_SIZE@#${FRAGMENT_SIZE:-1280}#" \
    "$here/strongswan.conf" > "$directory/strongswan.conf"
  mkdir -p "$directory"/{x509,x509ca,private}
  [ ! -f "$directory/ca.cert.pem" ] || cp "$directory/ca.cert.pem" "$directory/x509ca/"
  [ ! -f "$directory/own.cert.pem" ] || cp "$directory/own.cert.pem" "$directory/x509/"
  [ ! -f "$directory/own.key.pem" ] || cp "$directory/own.key.pem" "$directory/private/"
  sed -e "s#@LOCAL@#${LOCAL:?}#g" -e "s#@REMOTE@#${REMOTE:?}#g" -e "s#@REMOTE_PORT@#${REMOTE_PORT:-500}#g" "$conf" > "$directory/swanctl.conf"
  # charon's pid file has a fixed name: each daemon gets a /run of its own in the mount namespace that ip netns exec makes
  # shellcheck disable=SC2016 # expanded by the inner shell
  ip netns exec "$namespace" sh -c 'mount -t tmpfs tmpfs /run && STRONGSWAN_CONF="$1/strongswan.conf" exec "$2"' \
    sh "$directory" "$daemon" > "$directory/charon.out" 2>&1 &
  echo $! > "$directory/charon.pid"
  await_socket "$directory"
  control "$directory" --load-all --file "$directory/swanctl.conf" > "$directory/load.out" 2>&1 || { cat "$directory/load.out" >&2; exit 1; }
}

await_socket() {
  local tries
  for tries in {1..100}; do
    [ ! -S "$1/charon.vici" ] || return 0
    kill -0 "$(cat "$1/charon.pid")" 2> /dev/null || break
    sleep 0.1
  done
  cat "$1/charon.out" >&2
  echo "charon did not start (try $tries)" >&2
  exit 1
}

control() {
  local directory=$1 verb=$2
  shift 2
  STRONGSWAN_CONF=$directory/strongswan.conf SWANCTL_DIR=$directory swanctl "$verb" --uri "unix://$directory/charon.vici" "$@"
}

stop() {
  local pid tries
  [ -f "$1/charon.pid" ] || return 0
  pid=$(cat "$1/charon.pid")
  kill "$pid" 2> /dev/null || true
  for tries in {1..50}; do
    kill -0 "$pid" 2> /dev/null || break
    [ "$tries" -lt 50 ] || kill -9 "$pid"
    sleep 0.1
  done
  rm -f "$1/charon.pid" "$1/charon.vici"
}

case ${1:-} in
  start) start "${2:?namespace}" "${3:?directory}" "${4:?conf}" ;;
  initiate) control "${2:?directory}" --initiate --timeout 10 --ike "${3:?connection}" ;;
  list) control "${2:?directory}" --list-sas ;;
  stop) stop "${2:?directory}" ;;
  *) echo "usage: charon.sh start NAMESPACE DIRECTORY CONF | initiate DIRECTORY CONNECTION | list DIRECTORY | stop DIRECTORY" >&2; exit 2 ;;
esac
