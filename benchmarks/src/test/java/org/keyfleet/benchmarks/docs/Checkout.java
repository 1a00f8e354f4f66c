package org.keyfleet.benchmarks.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The working copy that the tests run in. */
public final class Checkout {
  private static final String MARK = "docs/requirements.md";

  private Checkout() {}

  public static Path root() throws IOException {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(directory.resolve(MARK))) {
      directory = directory.getParent();
      if (directory == null) {
        throw new IOException("no " + MARK + " above " + Path.of("").toAbsolutePath());
      }
    }
    return directory;
  }

  /** The files under {@code directory} whose name ends in {@code ending}, in order. */
  static List<Path> files(Path directory, String ending) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }
}
