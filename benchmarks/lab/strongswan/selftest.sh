#!/usr/bin/env bash
# selftest.sh - proves the laboratory itself: strongSwan in both roles, every connection of initiator.conf, with fragments and with COOKIE.
# Needs root, openssl and what charon.sh needs.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
lab=kf-selftest-$$
work=$(mktemp -d)
failed=0

cleanup() {
  "$here/charon.sh" stop "$work/gcks" || true
  "$here/charon.sh" stop "$work/member" || true
  "$here/pair.sh" down "$lab"
  rm -rf "$work"
}
trap cleanup EXIT

make_pki() {
  local side
  mkdir "$work/gcks" "$work/member"
  openssl ecparam -name prime256v1 -genkey -noout -out "$work/ca.key.pem"
  openssl req -new -x509 -key "$work/ca.key.pem" -subj "/CN=lab ca" -days 2 -out "$work/ca.cert.pem" 2> /dev/null
  for side in gcks member; do
    openssl ecparam -name prime256v1 -genkey -noout -out "$work/$side/own.key.pem"
    openssl req -new -key "$work/$side/own.key.pem" -subj "/CN=$side.lab" 2> /dev/null |
      openssl x509 -req -CA "$work/ca.cert.pem" -CAkey "$work/ca.key.pem" -CAcreateserial -days 2 \
        -extfile <(echo "subjectAltName=DNS:$side.lab") -out "$work/$side/own.cert.pem" 2> /dev/null
    cp "$work/ca.cert.pem" "$work/$side/"
  done
}

# expect WHAT COMMAND...
expect() {
  local what=$1
  shift
  if "$@" > "$work/out" 2>&1; then
    echo "ok   $what"
  else
    echo "FAIL $what"
    tail -n 20 "$work/out"
    failed=1
  fi
}

both() {
  LOCAL=10.78.0.1 REMOTE=10.78.0.2 "$here/charon.sh" start "$lab-gcks" "$work/gcks" "$here/responder.conf"
  LOCAL=10.78.0.2 REMOTE=10.78.0.1 "$here/charon.sh" start "$lab-member" "$work/member" "$here/initiator.conf"
}

neither() {
  "$here/charon.sh" stop "$work/member"
  "$here/charon.sh" stop "$work/gcks"
}

make_pki
"$here/pair.sh" up "$lab"

both
while read -r connection; do
  expect "$connection" "$here/charon.sh" initiate "$work/member" "$connection"
done < <(sed -nE 's/^  ((psk|certificate)-[a-z0-9-]+) \{/\1/p' "$here/initiator.conf")
neither

FRAGMENT_SIZE=300 both
expect "certificate, in fragments" "$here/charon.sh" initiate "$work/member" certificate-gcm-p256
expect "  the initiator split its message" grep -q 'splitting IKE message' "$work/member/charon.log"
expect "  the responder split its message" grep -q 'splitting IKE message' "$work/gcks/charon.log"
neither

COOKIE_THRESHOLD=1 both
"$here/half-open.sh" "$lab-member" 10.78.0.1 500
expect "psk, with COOKIE demanded" "$here/charon.sh" initiate "$work/member" psk-gcm-x25519
expect "  the initiator repeated IKE_SA_INIT with the COOKIE" grep -q 'N(COOKIE)' "$work/member/charon.log"
neither

exit "$failed"
