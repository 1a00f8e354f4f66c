#!/usr/bin/env bash
# half-open.sh NAMESPACE ADDRESS PORT - leaves one half-open IKE SA at a responder: it sends one well-formed IKE_SA_INIT request
# (AES-GCM-128, HMAC-SHA2-256, P-256; one datagram) and forgets it. With COOKIE_THRESHOLD=1 the responder demands a COOKIE from then on.
set -euo pipefail
namespace=${1:?namespace} address=${2:?address} port=${3:?port}

# RFC 7296 section 3: header, SA, KE and Ni; the public value is the generator of P-256 (RFC 5903 section 3.1)
transform_encr=0300000c01000014800e0080 # ENCR_AES_GCM_16, 128 bits
transform_prf=0300000802000005          # PRF_HMAC_SHA2_256
transform_ke=0000000804000013           # 19, P-256
proposal=0000002401010003$transform_encr$transform_prf$transform_ke
sa=22000028$proposal
generator=6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5
ke=2800004800130000$generator
nonce=00000024$(head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n')
header=$(head -c 8 /dev/urandom | od -An -v -tx1 | tr -d ' \n')00000000000000002120220800000000
body=$sa$ke$nonce
message=$header$(printf '%08x' $((28 + ${#body} / 2)))$body
file=$(mktemp)
trap 'rm -f "$file"' EXIT
printf '%b' "$(sed 's/../\\x&/g' <<< "$message")" > "$file"
# shellcheck disable=SC2016 # expanded by the inner shell
ip netns exec "$namespace" bash -c 'cat "$1" > "/dev/udp/$2/$3"' bash "$file" "$address" "$port"
