package org.keyfleet.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A namespace whose only interface comes up after the agent wants to hear its group. */
@Tag("interop")
class LateNetworkTest {
  private static final ProcessHandle SELF = ProcessHandle.current();

  private final String namespace = "kf" + SELF.pid() + "-late";

  @BeforeEach
  void build() throws Exception {
    ip("netns", "add", namespace);
  }

  @AfterEach
  void tearDown() throws Exception {
    ip("netns", "del", namespace);
  }

  @Test
  void aGroupIsHeardOnceTheNetworkIsThere() throws Exception {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
    command.add(SELF.info().command().orElse("java"));
    command.addAll(List.of("-Xmx32m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(LateNetworkProbe.class.getName());
    Process probe =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader out = probe.inputReader()) {
      assertEquals(
          "deaf: no route to 239.192.7.9:8480: check the address and routes", out.readLine());
      ip("-n", namespace, "link", "add", "late0", "type", "veth", "peer", "name", "late1");
      ip("-n", namespace, "addr", "add", "10.77.9.1/24", "dev", "late0");
      ip("-n", namespace, "link", "set", "late1", "up");
      ip("-n", namespace, "link", "set", "late0", "up", "multicast", "on");
      ip("-n", namespace, "route", "add", "224.0.0.0/4", "dev", "late0");
      assertEquals("hears: [multicast 239.192.7.9:8480 on late0]", out.readLine());
    }
    assertEquals(0, probe.waitFor());
  }

  private static void ip(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertEquals(0, process.waitFor(), () -> String.join(" ", command));
  }
}
