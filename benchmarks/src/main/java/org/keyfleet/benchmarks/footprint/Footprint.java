package org.keyfleet.benchmarks.footprint;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.keyfleet.benchmarks.Bench;
import org.keyfleet.benchmarks.fleet.Fleet;
import org.keyfleet.benchmarks.fleet.FleetOptions;
import org.keyfleet.benchmarks.fleet.Launcher;
import org.keyfleet.benchmarks.fleet.TokenKind;
import picocli.CommandLine.ParseResult;

/** {@code ./keyfleet bench footprint}: exit code 0 when everything could be measured. */
public final class Footprint {
  private Footprint() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    System.exit(
        bench()
            .execute(
                arguments, result -> Bench.inFolder("footprint", work -> measure(result, work))));
  }

  private static boolean measure(ParseResult arguments, Path work)
      throws IOException, InterruptedException {
    Path root = Path.of(System.getProperty("keyfleet.root", ".")).toAbsolutePath().normalize();
    DeviceRuntime runtime = new DeviceRuntime(root.resolve("firmware-images/target/runtime"));
    Launcher launcher = Launcher.plain(runtime.home()).withTrimmedAgents();
    FleetOptions tls =
        FleetOptions.twoGroups(work.resolve("tls"), "strict", TokenKind.SOFTHSM, "aes-256-gcm16");
    FleetOptions plain =
        FleetOptions.twoGroups(work.resolve("plain"), "strict", TokenKind.SOFTHSM, "aes-256-gcm16")
            .withPlainMqtt();
    int starts = arguments.matchedOptionValue("--starts", 5);
    int idleSeconds = arguments.matchedOptionValue("--idle", 10);
    FootprintReport report;
    try (Fleet plainFleet = Fleet.start(plain, launcher);
        Fleet tlsFleet = Fleet.start(tls, launcher)) {
      Path classes = root.resolve("benchmarks/target/classes");
      Comparison comparison = new Comparison(runtime, plainFleet, tlsFleet, classes, idleSeconds);
      comparison.run(starts);
      report = comparison.report();
    }
    report.print(System.out);
    @Nullable Path json = arguments.matchedOptionValue("--json", null);
    if (json != null) {
      report.write(json);
    }
    return true;
  }

  private static Bench bench() {
    return new Bench(
            "footprint",
            "Starts a broker, a key server and, again and again, an agent on the device runtime that joins one group by"
                + " multicast and one over MQTT, follows a rekey of each and is then idle: once with MQTT over TCP, once with"
                + " MQTT over TLS 1.3. Beside it a bare Java program on the same runtime with the same options.")
        .option("--starts", "N", Integer.class, "How often each program is started; default 5.")
        .option("--idle", "SECONDS", Integer.class, "How long it is idle before; default 10.");
  }
}
