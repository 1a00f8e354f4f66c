package org.keyfleet.benchmarks.fleet;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How the fleet's programs are started: on our own Java from the class path, or on the trimmed
 * device runtime.
 */
public record Launcher(Path java, String classPath, Path agentRuntime, boolean trimmedAgents) {
  private static final String AGENT = "org.keyfleet.agent.cli.Main";

  /** For the PKCS#11 wrapper and SQLite; newer virtual machines warn without it. */
  private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

  private static final String GCKS = "org.keyfleet.gcks.cli.Main";

  /** Everything on the Java that runs us. */
  public static Launcher plain(Path agentRuntime) {
    return new Launcher(
        Path.of(System.getProperty("java.home"), "bin", "java"),
        System.getProperty("java.class.path"),
        agentRuntime,
        false);
  }

  /** Agents on the trimmed runtime, the rest as {@link #plain}. */
  public Launcher withTrimmedAgents() {
    return new Launcher(java, classPath, agentRuntime, true);
  }

  public String runtimeName() {
    return trimmedAgents ? "image" : "plain";
  }

  List<String> agent(String... arguments) {
    List<String> command = new ArrayList<>();
    if (trimmedAgents) {
      command.add(agentRuntime.resolve("bin/keyfleet-agent").toString());
    } else {
      command.addAll(
          List.of(
              java.toString(),
              "-XX:+UseSerialGC",
              NATIVE_ACCESS,
              "-XX:TieredStopAtLevel=1",
              "-Xmx64m",
              "-cp",
              classPath,
              AGENT));
    }
    command.addAll(List.of(arguments));
    return command;
  }

  List<String> gcks(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                java.toString(),
                "-XX:+UseSerialGC",
                NATIVE_ACCESS,
                "-Xmx256m",
                "-cp",
                classPath,
                GCKS));
    command.addAll(List.of(arguments));
    return command;
  }
}
