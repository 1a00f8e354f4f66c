package org.keyfleet.testkit;

import java.nio.file.Files;
import java.nio.file.Path;

/** The files of {@code docs/vectors}, from whatever directory of the repository a test runs in. */
public final class DocsVectors {
  private static final Path FOLDER = Path.of("docs", "vectors");

  private DocsVectors() {}

  public static Path path(String file) {
    Path at = Path.of("").toAbsolutePath();
    while (at != null) {
      if (Files.isDirectory(at.resolve(FOLDER))) {
        return at.resolve(FOLDER).resolve(file);
      }
      at = at.getParent();
    }
    throw new IllegalStateException(FOLDER + " is in no directory above this one");
  }
}
