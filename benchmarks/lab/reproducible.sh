#!/usr/bin/env bash
# reproducible.sh - builds the jars a second time from a copy in another directory, with another time zone, locale and umask, and compares
# their checksums with those in the target directories. Run it after mvn package or verify.
# Jars that are not shipped (tests, benchmarks, tools, the applet, which is shipped as a CAP file) are left out: they are no named modules, and the archiver gives the entries of such jars the
# modes of the files.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

sums() {
  (cd "$1" && find . -path './*/target/keyfleet-*.jar' ! -name '*-tests.jar' ! -name 'keyfleet-benchmarks-*' ! -path './firmware-images/*' ! -path './hsm/applet/*' | sort | xargs sha256sum)
}

sums "$root" > "$copy/first"
mkdir "$copy/keyfleet"
tar -C "$root" --exclude=./.git --exclude=target --exclude=.cifuzz-corpus -cf - . | tar -C "$copy/keyfleet" -xf -
(
  cd "$copy/keyfleet"
  umask 077
  TZ=Pacific/Chatham LC_ALL=C mvn -B -ntp -q -DskipTests package
)
sums "$copy/keyfleet" > "$copy/second"
if ! diff "$copy/first" "$copy/second"; then
  echo "NOT REPRODUCIBLE: the jars above differ between two builds" >&2
  exit 1
fi
cat "$copy/first"
echo "reproducible: $(wc -l < "$copy/first") jars are the same octets in two builds"
