#!/usr/bin/env bash
# selftest.sh - proves that check-capture.sh tells right from wrong: one good capture must pass, four bad ones must not. Needs tshark and a JDK.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

for kind in good spoiled-ike spoiled-esp missing-ike missing-esp; do
  "$java" "$here/SampleCapture.java" "$work/$kind" "$kind"
  passed=yes
  "$here/check-capture.sh" "$work/$kind/sample.pcap" "$work/$kind" > "$work/out" 2>&1 || passed=no
  case $kind/$passed in
    good/yes | spoiled-*/no | missing-*/no) echo "ok   $kind" ;;
    *) echo "FAIL $kind"; cat "$work/out"; exit 1 ;;
  esac
done
cat "$work/out"
