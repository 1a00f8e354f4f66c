#!/usr/bin/env bash
# A multicast laboratory: one key server and three members, each in a network namespace of its own,
# on a bridge that snoops IGMP and MLD as a real switch does. Needs root, iproute2 and nftables.
# Nothing is added to the namespace it is started from.
#
#   gcks 10.77.0.1 fd77::1    m1 10.77.0.11 fd77::11    m2 .12 ::12    m3 .13 ::13
#
# usage: netlab.sh up | down | status
#        netlab.sh exec NODE COMMAND...        runs a command on a node
#        netlab.sh loss NODE PERCENT           loses what comes in to a node
#        netlab.sh duplicate NODE PERCENT      doubles what goes out to a node
#        netlab.sh heal NODE                   ends both
#        netlab.sh unplug NODE | plug NODE     takes a node's interface away and gives it back
#
# KEYFLEET_LAB is the prefix of the namespaces (default kf): two laboratories can run side by side.
set -euo pipefail

lab=${KEYFLEET_LAB:-kf}
switch=$lab-switch
declare -A host=([gcks]=1 [m1]=11 [m2]=12 [m3]=13)

node() { [[ -n ${host[$1]:-} ]] || { echo "no node '$1': use ${!host[*]}" >&2; exit 2; }; }

plug() {
  local ns=$lab-$1 number=${host[$1]}
  ip -n "$switch" link add "port-$1" type veth peer name eth0 netns "$ns"
  ip -n "$switch" link set "port-$1" master br0 up
  ip -n "$ns" addr add "10.77.0.$number/24" dev eth0
  ip -n "$ns" -6 addr add "fd77::$number/64" dev eth0 nodad
  ip -n "$ns" link set eth0 up multicast on
  ip -n "$ns" route add 224.0.0.0/4 dev eth0
}

up() {
  trap 'down; echo "the laboratory could not be built: is this root, with iproute2?" >&2' ERR
  ip netns add "$switch"
  ip -n "$switch" link set lo up
  # IGMPv3 and MLDv2, so that source-specific joins are kept source by source; a querier that asks
  # at once and every second (the unit is 1/100 s)
  ip -n "$switch" link add br0 type bridge mcast_snooping 1 mcast_querier 1 \
    mcast_igmp_version 3 mcast_mld_version 2 \
    mcast_startup_query_interval 100 mcast_query_interval 1000
  ip -n "$switch" addr add 10.77.0.254/24 dev br0
  ip -n "$switch" link set br0 up
  local name
  for name in "${!host[@]}"; do
    ip netns add "$lab-$name"
    # no duplicate address detection: addresses serve at once
    ip netns exec "$lab-$name" sysctl -qw \
      net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 \
      net.ipv6.conf.default.accept_ra=0
    ip -n "$lab-$name" link set lo up
    plug "$name"
  done
}

down() {
  local name
  for name in "${!host[@]}"; do ip netns del "$lab-$name" 2>/dev/null || true; done
  ip netns del "$switch" 2>/dev/null || true
}

loss() {
  ip netns exec "$lab-$1" nft -f - <<EOF
table netdev loss {
  chain in {
    type filter hook ingress device eth0 priority 0;
    meta l4proto udp numgen random mod 100 < $2 counter drop
  }
}
EOF
}

duplicate() {
  ip netns exec "$switch" nft -f - <<EOF
table netdev duplicate-$1 {
  chain out {
    type filter hook egress device "port-$1" priority 0;
    meta l4proto udp numgen random mod 100 < $2 counter dup to "port-$1"
  }
}
EOF
}

heal() {
  ip netns exec "$lab-$1" nft delete table netdev loss 2>/dev/null || true
  ip netns exec "$switch" nft delete table netdev "duplicate-$1" 2>/dev/null || true
}

case "${1:-}" in
  up) up ;;
  down) down ;;
  status)
    ip netns exec "$switch" bridge link
    ip netns exec "$switch" bridge -d mdb show
    ;;
  exec) node "$2"; exec ip netns exec "$lab-$2" "${@:3}" ;;
  loss) node "$2"; loss "$2" "$3" ;;
  duplicate) node "$2"; duplicate "$2" "$3" ;;
  heal) node "$2"; heal "$2" ;;
  unplug) node "$2"; ip -n "$switch" link del "port-$2" ;;
  plug) node "$2"; plug "$2" ;;
  *) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2 ;;
esac
