package org.keyfleet.agent.cli;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.keyfleet.hsm.testkit.SoftHsm;

/** A command as a process of its own: with an environment, a terminal, an awkward token. */
final class CommandProcess {
  private final Path directory;
  private final Map<String, String> environment;

  CommandProcess(Path directory, Map<String, String> environment) {
    this.directory = directory;
    this.environment = environment;
  }

  /** Without a terminal, nothing to read. */
  Device.Result run(String... arguments) throws Exception {
    return ended(builder(java(arguments)), "");
  }

  /** At a terminal where {@code typed} is typed; {@code out} is all that it shows. */
  Device.Result runAtTerminal(String typed, String... arguments) throws Exception {
    StringBuilder line = new StringBuilder();
    for (String word : java(arguments)) {
      line.append('\'').append(word).append("' ");
    }
    Path transcript = directory.resolve("transcript");
    return ended(builder(List.of("script", "-qec", line.toString(), transcript.toString())), typed);
  }

  private static List<String> java(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    // newer virtual machines would say a word about native libraries first
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  private ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SOFTHSM2_CONF", SoftHsm.configuration());
    builder.environment().putAll(environment);
    return builder;
  }

  private Device.Result ended(ProcessBuilder builder, String typed) throws Exception {
    Path out = Files.createTempFile(directory, "out", ".txt");
    Path err = Files.createTempFile(directory, "err", ".txt");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(typed.getBytes(StandardCharsets.UTF_8));
    }
    int code = process.waitFor();
    return new Device.Result(code, Files.readString(out), Files.readString(err));
  }
}
