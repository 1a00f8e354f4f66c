package org.keyfleet.benchmarks.kill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keyfleet.benchmarks.fleet.AgentProcess;
import org.keyfleet.benchmarks.fleet.Daemon;

/** A process of its own at a SoftHSM token, and the files that SoftHSM keeps. */
final class SoftHsmOutsider implements Outsider {
  private static final String IDENTITY = "keyfleet:id:keyfleet-identity#";

  private final AgentProcess agent;
  private final Path library;

  SoftHsmOutsider(AgentProcess agent, Path library) {
    this.agent = agent;
    this.library = library;
  }

  @Override
  public void look(String root, List<String> faults) throws IOException, InterruptedException {
    Set<String> objects = objects();
    Set<String> left = new TreeSet<>(objects);
    if (!left.remove("SECRET_KEY keyfleet:kek:" + root)) {
      faults.add("a second process does not see " + root);
    }
    left.removeIf(
        object ->
            object.startsWith("PRIVATE_KEY " + IDENTITY)
                || object.startsWith("PUBLIC_KEY " + IDENTITY));
    left.forEach(object -> faults.add("a second process sees " + object));
    long files = files();
    if (files != objects.size()) {
      faults.add(files + " files for " + objects.size() + " objects");
    }
  }

  private Set<String> objects() throws IOException, InterruptedException {
    Path directory = agent.directory();
    Path log = directory.resolve("outsider.log");
    Files.deleteIfExists(log);
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            TokenObjects.class.getName(),
            library.toString(),
            agent.name(),
            directory.resolve("pin").toString());
    Map<String, String> environment =
        Map.of("SOFTHSM2_CONF", directory.resolve("softhsm2.conf").toString());
    if (Daemon.run("outsider", command, environment, log) != 0) {
      throw new IOException("the second process failed:\n" + Files.readString(log));
    }
    return Files.readAllLines(log).stream()
        .filter(line -> line.startsWith(TokenObjects.MARK))
        .map(line -> line.substring(TokenObjects.MARK.length()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Objects that are half-made have a file, and are not always listed. */
  private long files() throws IOException {
    try (Stream<Path> files = Files.walk(agent.directory().resolve("tokens"))) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".object") && !name.equals("token.object"))
          .count();
    }
  }
}
