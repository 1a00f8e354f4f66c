package org.keyfleet.hsm.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A directory under {@code target/} that an environment variable names, since a native library
 * reads the variable when it is loaded, long after this process could have set it.
 */
final class TestDirectory {
  private TestDirectory() {}

  /** The directory of the file that the variable names, emptied. */
  static Path of(String variable, String name) {
    String value = Objects.requireNonNullElse(System.getenv(variable), "unset");
    Path directory = Path.of(value.replaceFirst("^unix:path=", "")).toAbsolutePath().getParent();
    if (directory == null || !directory.endsWith(name)) {
      throw new IllegalStateException(
          "set " + variable + " to a file in .../" + name + " for tests, as the build does");
    }
    try {
      deleteTree(directory);
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(Objects.requireNonNull(path));
      }
    }
  }
}
