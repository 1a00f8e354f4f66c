package org.keyfleet.transport.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.keyfleet.transport.LinkProbe.await;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Multicast between network namespaces over a snooping bridge, as over a real switch. */
@Tag("interop")
class MulticastLabTest {
  private static final String PORT = "8480";
  private static final int COUNT = 200;
  private static final ProcessHandle SELF = ProcessHandle.current();

  private final List<Hearer> hearers = new ArrayList<>();

  /** What a hearer has counted. */
  private record Report(int received, int distinct, String condition) {}

  /** A process that hears the group on a node. */
  private record Hearer(Process process, BufferedReader out, BufferedWriter in) {
    Report report() {
      try {
        in.write("\n");
        in.flush();
        String[] words = out.readLine().split(" ", -1);
        return new Report(Integer.parseInt(words[0]), Integer.parseInt(words[1]), words[2]);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @BeforeAll
  static void build() throws Exception {
    lab("up");
  }

  @AfterAll
  static void tearDown() throws Exception {
    lab("down");
  }

  @AfterEach
  void endHearers() throws Exception {
    for (Hearer each : hearers) {
      each.in().close();
      each.process().waitFor();
    }
  }

  @ParameterizedTest
  @CsvSource({"239.192.7.1, 10.77.0.1", "ff15::4b46, fd77::1"})
  void everyMemberHearsTheGroup(String group, String from) throws Exception {
    List<Hearer> members = List.of(hear("m1", group), hear("m2", group), hear("m3", group));
    send("gcks", group, from);
    for (Hearer each : members) {
      await("all heard", () -> each.report().distinct() == COUNT);
      assertEquals(new Report(COUNT, COUNT, "UP"), each.report());
    }
  }

  @ParameterizedTest
  @CsvSource({"232.7.7.7, 10.77.0.1, 10.77.0.13", "ff35::8000:4b46, fd77::1, fd77::13"})
  void aSourceSpecificMemberDoesNotHearAnIntruder(String group, String from, String intruder)
      throws Exception {
    Hearer member = hear("m1", group, from);
    Hearer fooled = hear("m2", group, intruder);
    send("m3", group, intruder);
    send("gcks", group, from);
    await("the key server is heard", () -> member.report().distinct() == COUNT);
    assertEquals(COUNT, member.report().received(), "and nobody else");
    assertEquals(COUNT, fooled.report().received(), "the intruder was on the wire");
  }

  @Test
  void lossAndDuplicatesAreWhatTheySay() throws Exception {
    lab("loss", "m1", "50");
    lab("duplicate", "m2", "50");
    try {
      Hearer losing = hear("m1", "239.192.7.2");
      Hearer doubling = hear("m2", "239.192.7.2");
      Hearer well = hear("m3", "239.192.7.2");
      send("gcks", "239.192.7.2", "10.77.0.1");
      await("all heard", () -> well.report().distinct() == COUNT);
      await("all heard", () -> doubling.report().distinct() == COUNT);
      assertTrue(doubling.report().received() > COUNT, "some came twice");
      int heard = losing.report().distinct();
      assertTrue(heard > 0 && heard < COUNT, heard + " of " + COUNT);
    } finally {
      lab("heal", "m1");
      lab("heal", "m2");
    }
  }

  @Test
  void anInterfaceThatComesBackIsJoinedAgain() throws Exception {
    Hearer member = hear("m1", "239.192.7.3");
    lab("unplug", "m1");
    await("noticed", () -> member.report().condition().equals("UNREACHABLE"));
    lab("plug", "m1");
    await("joined again", () -> member.report().condition().equals("UP"));
    send("gcks", "239.192.7.3", "10.77.0.1");
    await("heard again", () -> member.report().distinct() > 0);
  }

  private Hearer hear(String node, String... groupAndSource) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("hear", groupAndSource[0], PORT));
    arguments.addAll(List.of(groupAndSource).subList(1, groupAndSource.length));
    Process process = probe(node, arguments).start();
    Hearer hearer = new Hearer(process, process.inputReader(), process.outputWriter());
    hearers.add(hearer);
    assertEquals("ready", hearer.out().readLine());
    return hearer;
  }

  private static void send(String node, String group, String from) throws Exception {
    List<String> arguments = List.of("send", group, PORT, from, Integer.toString(COUNT));
    Process process = probe(node, arguments).start();
    assertEquals("sent " + COUNT, process.inputReader().readLine());
    assertEquals(0, process.waitFor());
  }

  private static ProcessBuilder probe(String node, List<String> arguments) throws IOException {
    List<String> command = command("exec", node, SELF.info().command().orElse("java"));
    command.addAll(List.of("-Xmx32m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(MulticastProbe.class.getName());
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  private static void lab(String... arguments) throws Exception {
    Process process = new ProcessBuilder(command(arguments)).inheritIO().start();
    assertEquals(0, process.waitFor(), () -> "netlab.sh " + String.join(" ", arguments));
  }

  private static List<String> command(String... arguments) throws IOException {
    Path folder = Path.of("").toAbsolutePath();
    Path script = Path.of("benchmarks", "lab", "net", "netlab.sh");
    while (folder != null && !Files.exists(folder.resolve(script))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IOException("no " + script + " above the working directory");
    }
    // the process id keeps laboratories of parallel builds apart
    List<String> command = new ArrayList<>(List.of("env", "KEYFLEET_LAB=kf" + SELF.pid()));
    command.add(folder.resolve(script).toString());
    command.addAll(List.of(arguments));
    return command;
  }
}
