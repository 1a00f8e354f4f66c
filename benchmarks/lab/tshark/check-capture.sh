#!/usr/bin/env bash
# check-capture.sh PCAP KEYS - lets tshark decrypt a capture of IKEv2, G-IKEv2 and UDP-encapsulated ESP with Wireshark's key tables, and
# counts the integrity check values. KEYS is a directory with the tables ikev2_decryption_table and esp_sa (either may be missing). Ports
# may be any: IKE is known by its header (with or without the non-ESP marker), ESP by an SPI of esp_sa.
# Exits 0 when every protected message was decrypted with a correct ICV and there was at least one, else 1.
set -euo pipefail
pcap=${1:?pcap} keys=${2:?directory of key tables}
config=$(mktemp -d)
trap 'rm -rf "$config"' EXIT
export WIRESHARK_CONFIG_DIR=$config

# Only what carries IKE and ESP is dissected: a dissector that stumbles over the octets inside an ESP packet would hide its ICV.
make_config() {
  local table
  for table in ikev2_decryption_table esp_sa; do
    [ ! -f "$keys/$table" ] || cp "$keys/$table" "$config/"
  done
  touch "$config/esp_sa"
  tshark -G protocols 2> /dev/null | cut -f 3 |
    grep -vxE 'frame|pkt_comment|eth|ethertype|sll|null|loop|raw|ip|ipv6|udp|udpencap|isakmp|esp|data|_ws\..*' > "$config/disabled_protos"
  printf '%s\n' 'esp.enable_encryption_decode: TRUE' 'esp.enable_authentication_check: TRUE' 'esp.do_esp_sequence_analysis: FALSE' \
    'ip.defragment: TRUE' > "$config/preferences"
}

# "-d" options: for each UDP port that speaks IKE or ESP
decode_as() {
  tshark -r "$pcap" -Y 'udp && !icmp && !icmpv6' -T fields -e udp.dstport -e udp.payload 2> /dev/null | awk -v spis="$(spis)" '
    BEGIN { count = split(spis, list, " "); for (i = 1; i <= count; i++) esp[list[i]] = 1 }
    function ike(hex) { return substr(hex, 35, 2) == "20" && hex2number(substr(hex, 49, 8)) * 2 == length(hex) }
    function hex2number(hex,   i, value) {
      for (i = 1; i <= length(hex); i++) value = value * 16 + index("0123456789abcdef", substr(hex, i, 1)) - 1
      return value
    }
    { gsub(/:/, "", $2) }
    ike($2) { if (!($1 in port)) port[$1] = "isakmp" }
    substr($2, 1, 8) == "00000000" && ike(substr($2, 9)) { port[$1] = "udpencap" }
    substr($2, 1, 8) in esp { port[$1] = "udpencap" }
    END { for (p in port) print "-d udp.port==" p "," port[p] }
  '
}

spis() { sed -nE 's/.*"0x([0-9a-fA-F]{8})".*/\1/p' "$config/esp_sa" | tr 'A-F' 'a-f' | tr '\n' ' '; }

report() {
  awk -F '\t' '
    BEGIN { split("34 IKE_SA_INIT 35 IKE_AUTH 36 CREATE_CHILD_SA 37 INFORMATIONAL 39 GSA_AUTH 40 GSA_REGISTRATION 41 GSA_REKEY 42 GSA_INBAND_REKEY", pair, " ")
      for (i = 1; i < 16; i += 2) name[pair[i]] = pair[i + 1] }
    $2 != "" {
      kind = ($2 in name) ? name[$2] : "exchange " $2
      if ($2 == 34) { clear[kind]++; total[kind]++; next }
      verdict = $5 != "" ? "incorrect" : $3 != "" && $4 != "" ? "correct" : "unread"
      count[kind, verdict]++; total[kind]++; sum[verdict]++
      if (verdict != "correct") print "frame " $1 ": " kind " is " (verdict == "unread" ? "not decrypted: no key for it" : "incorrect") > "/dev/stderr"
    }
    $6 != "" {
      verdict = $8 == 1 || $8 == "True" ? "incorrect" : $7 == 1 || $7 == "True" ? "correct" : "unread"
      count["ESP", verdict]++; total["ESP"]++; sum[verdict]++
      if (verdict != "correct") print "frame " $1 ": ESP of SPI " $6 " is " (verdict == "unread" ? "not decrypted: no key for it" : "incorrect") > "/dev/stderr"
    }
    END {
      printf "%-18s %8s %8s %10s %14s\n", "messages", "all", "correct", "incorrect", "not decrypted"
      split("IKE_SA_INIT IKE_AUTH GSA_AUTH GSA_REGISTRATION GSA_REKEY GSA_INBAND_REKEY CREATE_CHILD_SA INFORMATIONAL ESP", order, " ")
      for (i = 1; i <= 9; i++) line(order[i])
      for (kind in total) line(kind)
      exit sum["correct"] > 0 && !sum["incorrect"] && !sum["unread"] ? 0 : 1
    }
    function line(kind) {
      if (!(kind in total)) return
      if (kind in clear) printf "%-18s %8d %8s %10s %14s\n", kind, total[kind], "clear", "-", "-"
      else printf "%-18s %8d %8d %10d %14d\n", kind, total[kind], count[kind, "correct"], count[kind, "incorrect"], count[kind, "unread"]
      delete total[kind]
    }
  '
}

[ -r "$pcap" ] || { echo "cannot read $pcap" >&2; exit 2; }
make_config
# shellcheck disable=SC2046 # each option is two words
tshark -r "$pcap" $(decode_as) -T fields -e frame.number -e isakmp.exchangetype -e isakmp.enc.decrypted -e isakmp.enc.icd \
  -e isakmp.ikev2.integrity_checksum -e esp.spi -e esp.icv_good -e esp.icv_bad 2> "$config/errors" > "$config/fields" || { cat "$config/errors" >&2; exit 2; }
grep -E 'WARNING|rror' "$config/errors" | grep -v 'Running as user' >&2 || true
report < "$config/fields"
