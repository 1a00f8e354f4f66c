#!/bin/bash
# build.sh jar|jre|archive [CLASS_LIST] - the agent's trimmed runtime in target/runtime, in three steps:
#   jar      shrinks the agent and all it needs into one module, an unsigned jar with fixed timestamps
#   jre      links it and the JDK modules that it needs, and puts the launcher in
#   archive  dumps the class-data archive of the classes named in CLASS_LIST (from a run of the agent)
# Needs target/agent-jars, target/shrinker and target/classes: mvn -Pimage -pl firmware-images -am package
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=$(dirname "$here")/target
runtime=$target/runtime
java_home=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
date=2026-11-01T00:00:00Z
arch=$(uname -m)
jar_budget_octets=3000000

shrink() {
  local work=$target/shrink filter
  rm -rf "$work" && mkdir -p "$work/classes"
  filter='!META-INF/*.SF,!META-INF/*.RSA,!META-INF/*.DSA,!META-INF/MANIFEST.MF,!META-INF/maven/**,!META-INF/versions/**,!META-INF/services/**,!META-INF/LICENSE*,!META-INF/NOTICE*,!module-info.class,!LICENSE'
  # the native half of the PKCS#11 wrapper lies beside the jar, where it is mapped without a copy in a temporary directory
  filter+=',!natives/**'
  {
    echo "-injars $target/agent-jars($filter)"
    echo "-outjars $work/shrunk.jar"
    for module in java.base java.logging jdk.net; do
      echo "-libraryjars $java_home/jmods/$module.jmod(!**.jar;!module-info.class)"
    done
    cat "$here/agent.pro"
  } > "$work/rules.pro"
  "$java_home/bin/java" -cp "$target/shrinker/*" proguard.ProGuard "@$work/rules.pro" > "$work/shrink.log" 2>&1 || { cat "$work/shrink.log" >&2; exit 1; }
  (cd "$work/classes" && "$java_home/bin/jar" xf ../shrunk.jar)
  # what the virtual machine would make of invokedynamic at each start lies in no class-data archive
  "$java_home/bin/java" -cp "$target/classes:$target/shrinker/*" org.keyfleet.images.PlainCalls "$work/classes"
  "$java_home/bin/javac" --release 17 --patch-module "org.keyfleet.device=$work/classes" -d "$work/classes" "$here/module-info.java"
  (cd "$work/classes" && find . -type f | sed 's#^\./##' | LC_ALL=C sort > ../entries)
  (cd "$work/classes" && "$java_home/bin/jar" --create --no-manifest --date="$date" --file="$target/keyfleet-agent.jar" "@$work/entries")
  local octets
  octets=$(stat -c %s "$target/keyfleet-agent.jar")
  echo "agent jar: $octets octets"
  if [ "$octets" -gt "$jar_budget_octets" ]; then
    echo "OVER BUDGET: the agent's jar may have $jar_budget_octets octets" >&2
    exit 1
  fi
}

# the native half of the PKCS#11 wrapper for this machine; System.loadLibrary finds it in the runtime's lib
native_half() {
  local folder
  case $arch in
    x86_64) folder=linux-x86_64 ;;
    aarch64) folder=linux-aarch64 ;;
    arm*) folder=linux-arm ;;
    i?86) folder=linux-x86 ;;
    *) echo "the PKCS#11 wrapper has no native half for $arch" >&2; exit 1 ;;
  esac
  (cd "$target/shrink" && "$java_home/bin/jar" xf "$target"/agent-jars/ipkcs11wrapper-*.jar "natives/unix/$folder/release/libpkcs11wrapper.so")
  install -m 755 "$target/shrink/natives/unix/$folder/release/libpkcs11wrapper.so" "$runtime/lib/libpkcs11wrapper.so"
}

link() {
  rm -rf "$runtime"
  "$java_home/bin/jlink" --module-path "$target/keyfleet-agent.jar" --add-modules "org.keyfleet.device,$(paste -sd, "$here/modules.txt")" --strip-debug --no-header-files --no-man-pages --compress=0 --vm=server --output "$runtime"
  # providers whose modules are not here: looking for them costs each start
  sed -i -E '/^security\.provider\.[0-9]+=/{/=(SUN|SunRsaSign|SunEC|SunJSSE|SunJCE)$/!d}' "$runtime/conf/security/java.security"
  grep -c '^security\.provider\.' "$runtime/conf/security/java.security" | grep -qx 5 || { echo "java.security does not name the five providers" >&2; exit 1; }
  # for the training run: a JDK starts twice as fast with an archive of its own classes
  "$runtime/bin/java" -XX:+UseSerialGC -Xshare:dump > "$target/base-archive.log" 2>&1 || { cat "$target/base-archive.log" >&2; exit 1; }
  rm -rf "$runtime/legal" "$runtime/bin/keytool"
  # the agent trusts whom its configuration names; the JDK's own list of CAs is read at the first certificate, for rules about them alone
  rm "$runtime/lib/security/cacerts"
  cp "$here/jvm.flags" "$runtime/lib/keyfleet-agent.flags"
  install -m 755 "$here/keyfleet-agent" "$runtime/bin/keyfleet-agent"
  native_half
  echo "runtime without archive: $(du -sb "$runtime" | cut -f1) octets"
}

archive() {
  local list=${1:?class list}
  rm -f "$runtime/lib/keyfleet-agent.jsa"
  MALLOC_ARENA_MAX=1 "$runtime/bin/java" "@$here/jvm.flags" -Xshare:dump -XX:SharedClassListFile="$list" \
    -XX:SharedArchiveFile="$runtime/lib/keyfleet-agent.jsa" -cp /nowhere > "$target/archive.log" 2>&1 || { cat "$target/archive.log" >&2; exit 1; }
  rm -f "$runtime/lib/server/classes.jsa" "$runtime/lib/classlist"
  echo "class-data archive: $(stat -c %s "$runtime/lib/keyfleet-agent.jsa") octets, $(grep -c . "$list") classes"
}

case ${1:-} in
  jar) shrink ;;
  jre) link ;;
  archive) archive "${2:-}" ;;
  *) echo "usage: build.sh jar|jre|archive CLASS_LIST" >&2; exit 2 ;;
esac
