#!/usr/bin/env bash
# pair.sh up|down NAME - two network namespaces joined by one cable: NAME-gcks (10.78.0.1, fd78::1) and NAME-member (10.78.0.2, fd78::2).
# The namespace this runs in gets no interface and no route. Needs root and iproute2.
set -euo pipefail
name=${2:?name}

up() {
  local side host
  for side in gcks:1 member:2; do
    host=${side##*:}
    ip netns add "$name-${side%%:*}"
    # no wait for duplicate IPv6 addresses: there are two hosts
    ip netns exec "$name-${side%%:*}" sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
    ip -n "$name-${side%%:*}" link set lo up
  done
  ip -n "$name-gcks" link add eth0 type veth peer name eth0 netns "$name-member"
  for side in gcks:1 member:2; do
    host=${side##*:}
    ip -n "$name-${side%%:*}" addr add "10.78.0.$host/24" dev eth0
    ip -n "$name-${side%%:*}" -6 addr add "fd78::$host/64" dev eth0 nodad
    ip -n "$name-${side%%:*}" link set eth0 multicast on up
  done
}

down() {
  local side
  for side in gcks member; do
    ip netns del "$name-$side" 2> /dev/null || true
  done
}

case ${1:-} in
  up) up ;;
  down) down ;;
  *) echo "usage: pair.sh up|down NAME" >&2; exit 2 ;;
esac
