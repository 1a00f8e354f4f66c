package org.keyfleet.benchmarks.custody;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.keyfleet.hsm.pkcs11.Pkcs11Uri;

/** The calls themselves: raw-calls.c, built now and run once a round. */
final class RawCost {
  private final Pkcs11Uri uri;
  private final Path program;
  private final Cost cost = new Cost();

  private RawCost(Pkcs11Uri uri, Path program) {
    this.uri = uri;
    this.program = program;
  }

  /** Compiles {@code source} into {@code work}. */
  static RawCost build(Pkcs11Uri uri, Path source, Path work)
      throws IOException, InterruptedException {
    Path program = work.resolve("raw-calls");
    Process compiler =
        new ProcessBuilder("gcc", "-O2", "-o", program.toString(), source.toString(), "-ldl")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(work.resolve("gcc.log").toFile()))
            .start();
    if (compiler.waitFor() != 0) {
      throw new IOException("gcc does not compile " + source + ": see " + work.resolve("gcc.log"));
    }
    return new RawCost(uri, program);
  }

  Cost cost() {
    return cost;
  }

  void round(RawMechanism unwrapping, int count) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    program.toString(),
                    uri.modulePath().orElseThrow(),
                    uri.token().orElseThrow(),
                    unwrapping.hex(),
                    unwrapping.withIv() ? "iv" : "-",
                    Integer.toString(count)))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("KEYFLEET_BENCH_PIN", BackEnd.PIN);
    Process process = builder.start();
    try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        read(line);
      }
    }
    if (process.waitFor() != 0) {
      throw new IOException("raw-calls ended with " + process.exitValue());
    }
  }

  private void read(String line) {
    String[] words = line.split(" ", -1);
    Operation operation = Operation.valueOf(words[0].toUpperCase(Locale.ROOT));
    if (words[1].equals("-")) {
      cost.refused(operation, "CKR " + words[2]);
    } else {
      cost.add(operation, Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray());
    }
  }
}
