package org.keyfleet.benchmarks.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyfleet.benchmarks.fleet.SecretSearch.Hit;
import org.keyfleet.benchmarks.fleet.SecretSearch.Secret;
import org.keyfleet.benchmarks.fleet.TokenWitness.Seen;
import org.keyfleet.protocol.octets.Bytes;

/**
 * Where the keys of a running agent are, after ten rekeys, and where they are not: the first row of
 * the table in docs/threat-model.md.
 */
@Tag("interop")
@Tag("one-jdk")
class CustodyCanaryTest {
  private static final String ROOT = "kf.root";
  private static final String KEK = "kf.kek";
  private static final String CARD_PROGRAM = "org.keyfleet.hsm.smartcard.VirtualCard";

  /** The root key of a strict group is agreed in the token (KF_AGREE): it is looked for as well. */
  @ParameterizedTest
  @EnumSource(
      value = TokenKind.class,
      names = {"SOFTHSM", "CARD"})
  @Timeout(value = 600, unit = TimeUnit.SECONDS)
  void strictAgentHasItsKeksInTheTokenAndNowhereElse(TokenKind token, @TempDir Path directory)
      throws Exception {
    try (RekeyedGroup group = RekeyedGroup.strict(directory, token)) {
      AgentProcess agent = group.watched();
      List<Long> path = group.keyPath();
      assertTrue(path.size() > 2, "releaser, a key of the tree, root key: " + path);
      assertTrue(agent.status().rekeysApplied() >= 10);

      requireKeysAreGuarded(group.ask("token"), path);
      if (token == TokenKind.SOFTHSM) {
        requireNothingElsePersists(agent);
      }

      group.killServer();
      GroupSecrets secrets = GroupSecrets.of(group.serverDirectory());
      requireTheseKeysAreInTheJournal(secrets, path, agent.directory());

      SecretSearch memory = secrets.search();
      long unread = new ProcessMemory(agent.daemon().pid()).show(memory);
      report("memory, " + unread + " octets unreadable", memory, secrets);
      assertAllFound(secrets.inUse(), memory);
      assertEquals(List.of(), keks(memory));
      String rootKey = GroupSecrets.kek(path.get(path.size() - 1));
      assertEquals(0, memory.octetsFound(rootKey), "the agreed root key K_m");
      if (token == TokenKind.CARD) {
        requireOneCardHas(rootKey, secrets);
      }

      SecretSearch heap = secrets.search();
      search(heapDump(agent, directory), heap);
      report("heap dump", heap, secrets);
      assertAllFound(secrets.inUse(), heap);
      assertEquals(List.of(), otherThan(secrets.inUse(), heap), "live objects hold no old keys");

      SecretSearch files = secrets.search();
      searchTree(agent.directory(), files);
      report("files of the agent", files, secrets);
      assertEquals(List.of(), files.hits());
      assertTrue(agent.status().joined(), "the agent was looked at while it ran");
    }
  }

  /** The control: where keys are in host memory, the same search finds them. */
  @Test
  @Timeout(value = 600, unit = TimeUnit.SECONDS)
  void agentWithoutTokenHasItsKeksInMemory(@TempDir Path directory) throws Exception {
    try (RekeyedGroup group = RekeyedGroup.inHostMemory(directory)) {
      List<Long> path = group.keyPath();
      group.killServer();
      GroupSecrets secrets = GroupSecrets.of(group.serverDirectory());
      SecretSearch memory = secrets.search();
      new ProcessMemory(group.watched().daemon().pid()).show(memory);
      report("memory of an agent without token", memory, secrets);
      // the first of the path came as a releaser and went
      for (long keyId : path.subList(1, path.size())) {
        assertEquals(32, memory.octetsFound(GroupSecrets.kek(keyId)), "KEK " + keyId);
      }
      SecretSearch files = secrets.search();
      searchTree(group.watched().directory(), files);
      assertEquals(List.of(), files.hits(), "the file of keys is encrypted");
    }
  }

  /** The agent's own view, read back from the token: session keys are visible to nobody else. */
  private static void requireKeysAreGuarded(JsonObject token, List<Long> path) {
    assertEquals("IN_TOKEN", token.getString("level"));
    JsonArray keys = token.getArray("keys");
    List<String> persistent = new ArrayList<>();
    int keks = 0;
    System.out.printf("%-48s %-10s %-10s %s%n", "key", "role", "lifetime", "attributes");
    for (int i = 0; i < keys.size(); i++) {
      JsonObject key = keys.getObject(i);
      String label = key.getString("name").replaceFirst("#.*", "");
      String role = key.getString("role");
      String lifetime = key.getString("lifetime");
      Set<String> flags = strings(key.getArray("flags"));
      System.out.printf("%-48s %-10s %-10s %s%n", key.getString("name"), role, lifetime, flags);
      if (lifetime.equals("PERSISTENT")) {
        persistent.add(label);
      }
      // a releaser lives as long as one release
      assertFalse(role.equals("RELEASER"), key.toString());
      if (role.equals("KEK_PARENT")) {
        Set<String> may =
            label.equals(ROOT)
                ? Set.of("SENSITIVE", "UNWRAP", "DERIVE")
                : Set.of("SENSITIVE", "UNWRAP");
        assertEquals(may, flags, label);
        keks += label.equals(KEK) ? 1 : 0;
      }
    }
    assertEquals(List.of("keyfleet-identity", ROOT), persistent.stream().sorted().toList());
    assertEquals(path.size() - 2, keks, "the path without releaser and root, of no other epoch");
  }

  /** What a second process finds in the token, and how many objects lie in its folder. */
  private static void requireNothingElsePersists(AgentProcess agent) throws Exception {
    Path directory = agent.directory();
    List<Seen> objects = TokenWitness.look(agent).stream().map(Seen::withoutId).toList();
    Set<Seen> expected =
        Set.of(
            new Seen(
                "SECRET_KEY",
                "keyfleet:kek:" + ROOT,
                "",
                Set.of("TOKEN", "PRIVATE", "SENSITIVE", "UNWRAP", "DERIVE")),
            new Seen(
                "PRIVATE_KEY",
                "keyfleet:id:keyfleet-identity",
                "",
                Set.of("TOKEN", "PRIVATE", "SENSITIVE", "SIGN", "DERIVE")),
            new Seen("PUBLIC_KEY", "keyfleet:id:keyfleet-identity", "", Set.of("TOKEN", "VERIFY")));
    objects.forEach(object -> System.out.println("second process: " + object));
    assertEquals(expected, Set.copyOf(objects));
    assertEquals(expected.size(), objects.size());
    try (Stream<Path> files = Files.walk(directory.resolve("tokens"))) {
      long stored =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".object") && !name.equals("token.object"))
              .count();
      assertEquals(expected.size(), stored);
    }
  }

  /** A card is a process of its own here, where the search that finds no K_m in the agent does. */
  private static void requireOneCardHas(String rootKey, GroupSecrets secrets) throws IOException {
    int cards = 0;
    int holders = 0;
    for (ProcessHandle child : ProcessHandle.current().children().toList()) {
      Path commandLine = Path.of("/proc", Long.toString(child.pid()), "cmdline");
      if (Files.readString(commandLine, StandardCharsets.ISO_8859_1).contains(CARD_PROGRAM)) {
        SecretSearch memory = secrets.search();
        new ProcessMemory(child.pid()).show(memory);
        cards++;
        holders += memory.octetsFound(rootKey) == 32 ? 1 : 0;
      }
    }
    System.out.printf("%s is in %d of %d cards%n", rootKey, holders, cards);
    assertEquals(3, cards, "a card for each member");
    assertEquals(1, holders, "K_m is in its member's card alone");
  }

  /** The journal has each key of the path under the next one: these are the keys in use. */
  private static void requireTheseKeysAreInTheJournal(
      GroupSecrets secrets, List<Long> path, Path agent) throws IOException {
    List<Secret> wraps = new ArrayList<>();
    for (int i = 0; i + 1 < path.size(); i++) {
      Bytes wrapped = secrets.wrapped(path.get(i), path.get(i + 1));
      wraps.add(new Secret("KEK " + path.get(i) + " wrapped", wrapped));
    }
    SecretSearch journal = new SecretSearch(wraps);
    searchTree(agent.resolve("state"), journal);
    assertAllFound(wraps, journal);
  }

  /** Of live objects: what is not in use any more was found in memory, if it was there. */
  private static Path heapDump(AgentProcess agent, Path directory)
      throws IOException, InterruptedException {
    Path dump = directory.resolve("agent.hprof");
    Path log = directory.resolve("jcmd.log");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
            Long.toString(agent.daemon().pid()),
            "GC.heap_dump",
            dump.toString());
    assertEquals(0, Daemon.run("jcmd", command, Map.of(), log), () -> "jcmd: see " + log);
    assertTrue(Files.exists(dump), Files.readString(log, StandardCharsets.UTF_8));
    return dump;
  }

  private static void searchTree(Path directory, SecretSearch search) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        search(file, search);
      }
    }
  }

  private static void search(Path file, SecretSearch search) throws IOException {
    search.startAt(file.toString(), 0);
    byte[] chunk = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        search.search(chunk, count);
      }
    }
  }

  private static void assertAllFound(List<Secret> secrets, SecretSearch search) {
    for (Secret secret : secrets) {
      int whole = secret.octets().size() / 8 * 8;
      assertTrue(
          search.octetsFound(secret.label()) >= whole,
          () -> secret.label() + " must be found, or nothing would be");
    }
  }

  private static List<Hit> keks(SecretSearch search) {
    return search.hits().stream().filter(hit -> hit.label().startsWith("KEK ")).toList();
  }

  private static List<Hit> otherThan(List<Secret> expected, SecretSearch search) {
    Set<String> labels = expected.stream().map(Secret::label).collect(Collectors.toSet());
    return search.hits().stream().filter(hit -> !labels.contains(hit.label())).toList();
  }

  private static void report(String where, SecretSearch search, GroupSecrets secrets) {
    System.out.printf(
        "%s: %d octets; of %d KEKs %d found, of %d keys in use %d, of %d earlier or unused ones %d%n",
        where,
        search.octetsSearched(),
        secrets.keks().size(),
        secrets.keks().keySet().stream()
            .filter(keyId -> search.octetsFound(GroupSecrets.kek(keyId)) > 0)
            .count(),
        secrets.inUse().size(),
        found(secrets.inUse(), search),
        secrets.earlier().size(),
        found(secrets.earlier(), search));
    keks(search).forEach(hit -> System.out.println("  " + hit));
  }

  private static long found(List<Secret> secrets, SecretSearch search) {
    return secrets.stream().filter(secret -> search.octetsFound(secret.label()) > 0).count();
  }

  private static Set<String> strings(JsonArray array) {
    Set<String> strings = new TreeSet<>();
    for (int i = 0; i < array.size(); i++) {
      strings.add(array.getString(i));
    }
    return strings;
  }
}
