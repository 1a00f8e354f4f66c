package org.keyfleet.hsm.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;

/** SoftHSM with faults: a library for other processes, to whom the environment says which. */
public final class AwkwardToken {
  private static final Path COMPILER = Path.of("/usr/bin/gcc");

  private AwkwardToken() {}

  /** Builds it; skips the calling test, loudly, if there is no compiler. */
  public static Path library(Path directory) throws IOException {
    if (!Files.isExecutable(COMPILER)) {
      System.err.println("SKIPPED: no gcc found; install gcc and libc6-dev to run this test");
      Assumptions.abort("gcc is not installed");
    }
    Path source = directory.resolve("awkward-token.c");
    try (InputStream in = AwkwardToken.class.getResourceAsStream("awkward-token.c")) {
      Files.write(source, Objects.requireNonNull(in).readAllBytes());
    }
    Path library = directory.resolve("awkward-token.so");
    Daemon.run(
        directory.resolve("gcc.log"),
        COMPILER.toString(),
        "-shared",
        "-fPIC",
        "-Wall",
        "-Werror",
        "-o",
        library.toString(),
        source.toString(),
        "-ldl");
    return library;
  }
}
