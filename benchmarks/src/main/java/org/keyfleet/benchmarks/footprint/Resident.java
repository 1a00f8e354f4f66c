package org.keyfleet.benchmarks.footprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The memory of one process in KiB, as the kernel accounts it.
 *
 * @param rss resident pages
 * @param pss resident pages, shared ones divided by their sharers
 * @param anonymous resident pages that no file backs
 */
record Resident(long rss, long pss, long anonymous) {
  static Resident of(long pid) throws IOException {
    Path proc = Path.of("/proc", Long.toString(pid));
    return new Resident(
        field(proc.resolve("smaps_rollup"), "Rss:"),
        field(proc.resolve("smaps_rollup"), "Pss:"),
        field(proc.resolve("status"), "RssAnon:"));
  }

  private static long field(Path file, String name) throws IOException {
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.substring(name.length()).replace("kB", "").strip());
      }
    }
    throw new IOException(file + " has no " + name);
  }
}
