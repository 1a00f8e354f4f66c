package org.keyfleet.benchmarks.footprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.keyfleet.benchmarks.fleet.Fleet;
import org.keyfleet.benchmarks.fleet.FleetOptions;
import org.keyfleet.benchmarks.fleet.Launcher;
import org.keyfleet.benchmarks.fleet.TokenKind;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code ./keyfleet bench footprint}: exit code 0 when everything could be measured. */
public final class Footprint {
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private Footprint() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    System.exit(execute(arguments));
  }

  private static int execute(String[] arguments) throws IOException, InterruptedException {
    CommandLine line = new CommandLine(spec());
    ParseResult result;
    try {
      result = line.parseArgs(arguments);
      if (result.isUsageHelpRequested()) {
        line.usage(System.out);
        return 0;
      }
    } catch (ParameterException e) {
      System.err.println("keyfleet bench footprint: " + e.getMessage());
      return USAGE;
    }
    Path work = Files.createTempDirectory("keyfleet-footprint");
    try {
      measure(result, work);
      return 0;
    } catch (IOException e) {
      System.err.println("keyfleet bench footprint: " + e.getMessage());
      return FAILED;
    } finally {
      Folder.delete(work);
    }
  }

  private static void measure(ParseResult arguments, Path work)
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
  }

  private static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("keyfleet bench footprint");
    spec.usageMessage()
        .description(
            "Starts a broker, a key server and, again and again, an agent on the device runtime that joins one group by"
                + " multicast and one over MQTT, follows a rekey of each and is then idle: once with MQTT over TCP, once with"
                + " MQTT over TLS 1.3. Beside it a bare Java program on the same runtime with the same options.");
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this help.").build());
    option(spec, "--json", "FILE", Path.class, "Write every figure.");
    option(spec, "--starts", "N", Integer.class, "How often each program is started; default 5.");
    option(spec, "--idle", "SECONDS", Integer.class, "How long it is idle before; default 10.");
    return spec;
  }

  private static void option(
      CommandSpec spec, String name, String label, Class<?> type, String description) {
    spec.addOption(
        OptionSpec.builder(name).type(type).paramLabel(label).description(description).build());
  }
}
