package org.keyfleet.benchmarks.kill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keyfleet.benchmarks.fleet.AgentProcess;
import org.keyfleet.benchmarks.fleet.TokenWitness;

/** A process of its own at a SoftHSM token, and the files that SoftHSM keeps. */
final class SoftHsmOutsider implements Outsider {
  private static final String IDENTITY = "keyfleet:id:keyfleet-identity#";

  private final AgentProcess agent;

  SoftHsmOutsider(AgentProcess agent) {
    this.agent = agent;
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
    return TokenWitness.look(agent).stream()
        .map(seen -> seen.objectClass() + " " + seen.label() + "#" + seen.id())
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
