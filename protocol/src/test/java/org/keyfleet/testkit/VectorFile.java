package org.keyfleet.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A committed table of vectors: blank-separated columns, {@code #} starts a comment line. */
public final class VectorFile {
  private VectorFile() {}

  /** The rows of {@code name}, a resource next to {@code test}, each in {@code columns} columns. */
  public static List<List<String>> rows(Class<?> test, String name, int columns) {
    try (InputStream in = test.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      List<List<String>> rows =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .map(line -> List.of(line.split("\\s+", columns)))
              .toList();
      if (rows.isEmpty() || rows.stream().anyMatch(row -> row.size() != columns)) {
        throw new IllegalStateException(name + ": not " + columns + " columns");
      }
      return rows;
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    }
  }
}
