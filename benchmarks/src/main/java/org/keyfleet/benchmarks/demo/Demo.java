package org.keyfleet.benchmarks.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.keyfleet.benchmarks.fleet.Fleet;
import org.keyfleet.benchmarks.fleet.FleetOptions;
import org.keyfleet.benchmarks.fleet.Launcher;
import org.keyfleet.benchmarks.fleet.TokenKind;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code ./keyfleet demo}: exit code 0 when everything happened as it should. */
public final class Demo {
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private Demo() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    System.exit(execute(arguments));
  }

  /** The exit code. */
  static int execute(String... arguments) throws IOException, InterruptedException {
    CommandLine line = new CommandLine(spec());
    DemoOptions options;
    try {
      ParseResult result = line.parseArgs(arguments);
      if (result.isUsageHelpRequested()) {
        line.usage(System.out);
        return 0;
      }
      options = options(result);
    } catch (ParameterException e) {
      System.err.println("keyfleet demo: " + e.getMessage() + "; see ./keyfleet demo --help");
      return USAGE;
    }
    Path directory = options.directory();
    boolean temporary = directory == null;
    Path work =
        directory == null ? Files.createTempDirectory("keyfleet-demo") : directory.toAbsolutePath();
    try {
      return run(options, work) ? 0 : FAILED;
    } catch (IOException e) {
      System.err.println("keyfleet demo: " + e.getMessage());
      return FAILED;
    } finally {
      if (temporary) {
        delete(work);
      }
    }
  }

  private static boolean run(DemoOptions options, Path work)
      throws IOException, InterruptedException {
    Launcher plain = Launcher.plain(options.runtime());
    Launcher launcher = options.trimmedRuntime() ? plain.withTrimmedAgents() : plain;
    FleetOptions fleetOptions =
        new FleetOptions(work, options.custody(), options.token(), options.keys());
    if (options.keys() != null) {
      System.err.println(
          "WARNING: "
              + options.keys()
              + " gets every key of this run; whoever reads it reads everything.");
    }
    LiveTable table = new LiveTable(System.out, Boolean.getBoolean("keyfleet.terminal"));
    try (Fleet fleet = Fleet.start(fleetOptions, launcher)) {
      return new Scenario(fleet, table, options).run();
    }
  }

  private static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("keyfleet demo");
    spec.usageMessage()
        .description(
            "Starts a broker, a key server and agents on loopback, each with a token of its own; registers them, sends"
                + " protected data, lets one more join, evicts one, kills one in the middle of a rekey, restarts the server.");
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this help.").build());
    file(spec, "--json", "Write a report.");
    file(spec, "--pcap", "Capture the traffic with tcpdump (needs root).");
    file(spec, "--keys", "INSECURE: write the Wireshark key tables of this run into this folder.");
    file(
        spec,
        "--work-dir",
        "Keep configuration, logs and state here; default: a temporary folder.");
    text(
        spec,
        "--custody",
        "strict",
        "strict or standard: the group's custody level; default strict where the tokens allow it.");
    text(
        spec,
        "--token",
        "softhsm",
        String.join(", ", TokenKind.options())
            + ": where the agents keep their keys; default softhsm. All but the first and last need root.");
    text(
        spec,
        "--runtime",
        "plain",
        "plain or image: the Java that runs the agents; default plain.");
    return spec;
  }

  private static void file(CommandSpec spec, String name, String description) {
    spec.addOption(
        OptionSpec.builder(name)
            .type(Path.class)
            .paramLabel("FILE")
            .description(description)
            .build());
  }

  private static void text(CommandSpec spec, String name, String defaultValue, String description) {
    spec.addOption(
        OptionSpec.builder(name)
            .type(String.class)
            .paramLabel("NAME")
            .defaultValue(defaultValue)
            .description(description)
            .build());
  }

  private static DemoOptions options(ParseResult result) {
    TokenKind token = token(result);
    Path root = Path.of(System.getProperty("keyfleet.root", ".")).toAbsolutePath().normalize();
    return new DemoOptions(
        result.matchedOptionValue("--json", null),
        result.matchedOptionValue("--pcap", null),
        result.matchedOptionValue("--keys", null),
        custody(result, token),
        token,
        oneOf(result, "--runtime", "plain", "image").equals("image"),
        root.resolve("firmware-images/target/runtime"),
        result.matchedOptionValue("--work-dir", null));
  }

  private static TokenKind token(ParseResult result) {
    String option = result.matchedOptionValue("--token", "softhsm");
    TokenKind kind =
        TokenKind.ofOption(option)
            .orElseThrow(
                () ->
                    wrong(
                        result,
                        "--token is one of "
                            + String.join(", ", TokenKind.options())
                            + ", not "
                            + option));
    if (kind == TokenKind.CARD && "image".equals(result.matchedOptionValue("--runtime", ""))) {
      throw wrong(
          result, "the device runtime does not carry PC/SC: --token card is for --runtime plain");
    }
    return kind;
  }

  private static String custody(ParseResult result, TokenKind token) {
    if (!result.hasMatchedOption("--custody") && !token.strict()) {
      return "standard";
    }
    String custody = oneOf(result, "--custody", "strict", "standard");
    if (custody.equals("strict") && !token.strict()) {
      throw wrong(
          result,
          "with "
              + token.words()
              + " the host has the keys of the tree: strict custody is for softhsm and card");
    }
    return custody;
  }

  private static ParameterException wrong(ParseResult result, String text) {
    return new ParameterException(result.commandSpec().commandLine(), text);
  }

  private static String oneOf(ParseResult result, String option, String first, String second) {
    String value = result.matchedOptionValue(option, first);
    if (option.equals("--runtime") && !result.hasMatchedOption(option)) {
      return "plain";
    }
    if (!List.of(first, second).contains(value)) {
      throw wrong(result, option + " is " + first + " or " + second + ", not " + value);
    }
    return value;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
