package org.keyfleet.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.keyfleet.benchmarks.footprint.Folder;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command line of a measurement: its options and help, and what it exits with. */
public final class Bench {
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private final CommandSpec spec;

  /** What is measured. */
  @FunctionalInterface
  public interface Measurement {
    /**
     * Measures and prints.
     *
     * @return whether it is as it should be
     * @throws IOException with a line for the user, if it could not be measured
     */
    boolean run(ParseResult arguments) throws IOException, InterruptedException;
  }

  /** A measurement with {@code --help} and {@code --json}. */
  public Bench(String name, String description) {
    spec = CommandSpec.create().name("keyfleet bench " + name);
    spec.usageMessage().description(description);
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this help.").build());
    option("--json", "FILE", Path.class, "Write every figure.");
  }

  public Bench option(String name, String label, Class<?> type, String description) {
    spec.addOption(
        OptionSpec.builder(name).type(type).paramLabel(label).description(description).build());
    return this;
  }

  /** An option that may stand more than once, or hold several values with commas between. */
  public Bench list(String name, String label, Class<?> type, String description) {
    spec.addOption(
        OptionSpec.builder(name)
            .type(List.class)
            .auxiliaryTypes(type)
            .splitRegex(",")
            .paramLabel(label)
            .description(description)
            .build());
    return this;
  }

  /** Says that the arguments are wrong; a measurement throws it before it begins. */
  public static ParameterException usage(ParseResult arguments, String text) {
    return new ParameterException(arguments.commandSpec().commandLine(), text);
  }

  /** The exit code: 0 as it should be, 1 failed, 2 wrong arguments. */
  public int execute(String[] arguments, Measurement measurement)
      throws IOException, InterruptedException {
    try {
      ParseResult result = new CommandLine(spec).parseArgs(arguments);
      if (result.isUsageHelpRequested()) {
        spec.commandLine().usage(System.out);
        return 0;
      }
      return measurement.run(result) ? 0 : FAILED;
    } catch (ParameterException e) {
      System.err.println(spec.name() + ": " + e.getMessage());
      return USAGE;
    } catch (IOException e) {
      System.err.println(spec.name() + ": " + e.getMessage());
      return FAILED;
    }
  }

  /** The middle one of an odd number of values, the upper of the middle two of an even one. */
  public static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** What works in a folder. */
  @FunctionalInterface
  public interface InFolder {
    boolean run(Path folder) throws IOException, InterruptedException;
  }

  /** Runs in a folder that goes afterwards. */
  public static boolean inFolder(String name, InFolder work)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("keyfleet-" + name);
    try {
      return work.run(folder);
    } finally {
      Folder.delete(folder);
    }
  }
}
