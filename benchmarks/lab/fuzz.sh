#!/usr/bin/env bash
# fuzz.sh SECONDS [NAME] - fuzzes each @FuzzTest (whose class#method contains NAME) for SECONDS. An input that breaks one is kept beside
# the test, in src/test/resources/.../CLASSInputs/METHOD, where each later build tries it again. Exits 1 when there is a finding.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
seconds=${1:?seconds}
name=${2:-}
logs=$root/target/fuzz-logs
findings=0
tried=0

# "module package Class method" of each fuzz test
targets() {
  local file
  find "$root" -path '*/src/test/java/*' -name '*FuzzTest.java' | sort | while read -r file; do
    file=${file#"$root"/}
    (cd "$root" && awk -v module="${file%%/src/test/java/*}" '
      /^package / { package = $2; sub(/;/, "", package) }
      /@FuzzTest/ { armed = 1 }
      armed && match($0, /void +[A-Za-z0-9_]+ *\(/) {
        method = substr($0, RSTART, RLENGTH); gsub(/void| |\(/, "", method); armed = 0
        class = FILENAME; sub(/.*\//, "", class); sub(/\.java$/, "", class)
        print module, package, class, method
      }' "$file")
  done
}

fuzz() {
  local module=$1 package=$2 class=$3 method=$4 log=$logs/$3.$4.log
  local inputs=$root/$module/src/test/resources/${package//.//}/${class}Inputs/$method before after
  mkdir -p "$inputs"
  before=$(find "$inputs" -type f | wc -l)
  (cd "$root" && JAZZER_FUZZ=1 JAZZER_MAX_DURATION=${seconds}s mvn -B -ntp -pl "$module" -am test -Dtest="$class#$method" \
    -Dsurefire.failIfNoSpecifiedTests=false -Dkeyfleet.fuzz.outputToFile=false) > "$log" 2>&1 || broken=1
  after=$(find "$inputs" -type f | wc -l)
  find "$root/$module/src/test/resources" -type d -empty -delete
  printf '%-60s %s, %d new inputs\n' "$class#$method" "$(sed -nE 's/^Done ([0-9]+ runs) in ([0-9]+) second.*/\1 in \2 s/p' "$log" | tail -n 1)" $((after - before))
}

mkdir -p "$logs"
while read -r module package class method; do
  case $class#$method in *"$name"*) ;; *) continue ;; esac
  broken=0
  fuzz "$module" "$package" "$class" "$method"
  tried=$((tried + 1))
  if [ "$broken" = 1 ]; then
    findings=$((findings + 1))
    grep -q FuzzTestFinding "$logs/$class.$method.log" && what=FINDING || what="COULD NOT RUN"
    echo "$what: $class#$method, see $logs/$class.$method.log" >&2
  fi
done < <(targets)
echo "fuzzed $tried tests for $seconds s each: $findings with findings"
[ "$findings" = 0 ] && [ "$tried" -gt 0 ]
