package org.keyfleet.benchmarks.footprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The trimmed runtime on disk. */
record DeviceRuntime(Path home) {
  /** The agent and all that it needs, as it goes into the runtime. */
  long jarOctets() throws IOException {
    return Files.size(home.resolveSibling("keyfleet-agent.jar"));
  }

  long archiveOctets() throws IOException {
    return Files.size(archive());
  }

  /** Everything, with jar and archive. */
  long octets() throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      long sum = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sum += Files.size(file);
      }
      return sum;
    }
  }

  /**
   * Throws unless the process runs with the archive: the virtual machine goes on without one that
   * does not fit, and whatever is measured then is something else.
   */
  void requireArchiveIn(long pid) throws IOException {
    String mapped = archive().toRealPath().toString();
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/maps"))) {
      if (line.endsWith(mapped)) {
        return;
      }
    }
    throw new IOException("process " + pid + " runs without " + mapped);
  }

  private Path archive() {
    return home.resolve("lib/keyfleet-agent.jsa");
  }
}
