package org.keyfleet.benchmarks.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** tcpdump on loopback, restricted to the fleet's own UDP ports. */
public final class Capture implements AutoCloseable {
  private final Daemon tcpdump;

  private Capture(Daemon tcpdump) {
    this.tcpdump = tcpdump;
  }

  /**
   * Starts capturing the UDP {@code ports} on {@code networkInterface} into {@code pcap}; needs
   * root or CAP_NET_RAW.
   */
  public static Capture start(String networkInterface, List<Integer> ports, Path pcap, Path log)
      throws IOException, InterruptedException {
    StringBuilder filter = new StringBuilder("udp and (");
    for (int i = 0; i < ports.size(); i++) {
      filter.append(i == 0 ? "" : " or ").append("port ").append(ports.get(i));
    }
    List<String> command =
        List.of(
            "tcpdump",
            "-i",
            networkInterface,
            "-U",
            "--immediate-mode",
            "-w",
            pcap.toString(),
            filter.append(')').toString());
    Daemon tcpdump = Daemon.start("tcpdump", command, Map.of(), log);
    Await.until(
        () -> "tcpdump does not capture (it needs root):\n" + tcpdump.tail(),
        Duration.ofSeconds(10),
        () ->
            Files.exists(pcap)
                && Files.size(pcap) > 0
                && Files.readString(log).contains("listening on"));
    return new Capture(tcpdump);
  }

  @Override
  public void close() {
    tcpdump.close();
  }
}
