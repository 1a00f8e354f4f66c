#!/bin/bash
# build.sh jar|jre|archive [CLASS_LIST] - the agent's trimmed runtime in target/runtime, in three steps:
#   jar      shrinks the agent and all it needs into one unsigned jar with fixed timestamps
#   jre      links the JDK modules it needs and puts the launcher in
#   archive  dumps the class-data archive of the classes named in CLASS_LIST (from a run of the agent)
# Needs target/agent-jars and target/shrinker: mvn -Pimage -pl firmware-images -am package
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=$(dirname "$here")/target
runtime=$target/runtime
java_home=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
date=2026-11-01T00:00:00Z
arch=$(uname -m)

shrink() {
  local work=$target/shrink filter
  rm -rf "$work" && mkdir -p "$work/classes"
  filter='!META-INF/*.SF,!META-INF/*.RSA,!META-INF/*.DSA,!META-INF/MANIFEST.MF,!META-INF/maven/**,!META-INF/versions/**,!META-INF/LICENSE*,!META-INF/NOTICE*,!module-info.class,!LICENSE'
  filter+=$(native_filter)
  {
    echo "-injars $target/agent-jars($filter)"
    echo "-outjars $work/shrunk.jar"
    for module in java.base java.logging jdk.net; do
      echo "-libraryjars $java_home/jmods/$module.jmod(!**.jar;!module-info.class)"
    done
    cat "$here/agent.pro"
  } > "$work/rules.pro"
  "$java_home/bin/java" -cp "$target/shrinker/*" proguard.ProGuard "@$work/rules.pro" > "$work/shrink.log" 2>&1 || { cat "$work/shrink.log" >&2; exit 1; }
  (cd "$work/classes" && "$java_home/bin/jar" xf ../shrunk.jar && find . -type f | sed 's#^\./##' | LC_ALL=C sort > ../entries)
  (cd "$work/classes" && "$java_home/bin/jar" --create --no-manifest --date="$date" --file="$target/keyfleet-agent.jar" "@$work/entries")
  echo "agent jar: $(stat -c %s "$target/keyfleet-agent.jar") octets"
}

# the wrapper brings native halves for many machines: keep this one's
native_filter() {
  case $arch in
    x86_64) echo ',!natives/windows/**,!natives/unix/macosx*/**,!natives/unix/linux-arm/**,!natives/unix/linux-aarch64/**,!natives/unix/linux-x86/**' ;;
    aarch64) echo ',!natives/windows/**,!natives/unix/macosx*/**,!natives/unix/linux-arm/**,!natives/unix/linux-x86*/**' ;;
    *) echo ',!natives/windows/**,!natives/unix/macosx*/**' ;;
  esac
}

link() {
  rm -rf "$runtime"
  "$java_home/bin/jlink" --add-modules "$(paste -sd, "$here/modules.txt")" --strip-debug --no-header-files --no-man-pages --compress=0 --vm=server --output "$runtime"
  rm -rf "$runtime/legal" "$runtime/bin/keytool"
  cp "$target/keyfleet-agent.jar" "$runtime/lib/keyfleet-agent.jar"
  cp "$here/jvm.flags" "$runtime/lib/keyfleet-agent.flags"
  install -m 755 "$here/keyfleet-agent" "$runtime/bin/keyfleet-agent"
  echo "runtime without archive: $(du -sb "$runtime" | cut -f1) octets"
}

archive() {
  local list=${1:?class list}
  rm -f "$runtime/lib/keyfleet-agent.jsa"
  MALLOC_ARENA_MAX=1 "$runtime/bin/java" "@$here/jvm.flags" -Xshare:dump -XX:SharedClassListFile="$list" \
    -XX:SharedArchiveFile="$runtime/lib/keyfleet-agent.jsa" -cp "$runtime/lib/keyfleet-agent.jar" > "$target/archive.log" 2>&1 || { cat "$target/archive.log" >&2; exit 1; }
  echo "class-data archive: $(stat -c %s "$runtime/lib/keyfleet-agent.jsa") octets, $(grep -c . "$list") classes"
}

case ${1:-} in
  jar) shrink ;;
  jre) link ;;
  archive) archive "${2:-}" ;;
  *) echo "usage: build.sh jar|jre|archive CLASS_LIST" >&2; exit 2 ;;
esac
