package org.keyfleet.agent.group;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRole;

/** What a journal tells of its group's policy, and only to the token that it belongs to. */
class LastPolicyTest {
  private static final char[] PIN = "123456".toCharArray();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private final SecureRandom random = new SecureRandom();

  @Test
  void theJournalSaysWhetherItsGroupIsStrict() throws Exception {
    CustodyConfig config = new CustodyConfig.Soft(directory.resolve("keys"));
    CustodyFactory.initialize(config, PIN, PIN, random);
    Path path = directory.resolve("tv.journal");
    try (KeyCustody custody = CustodyFactory.of(config, random)) {
      custody.open(PIN);
      assertEquals(Optional.empty(), LastPolicy.strict(path, custody, random), "no journal");
      for (boolean strict : new boolean[] {true, false}) {
        write(path, custody, SnapshotCodecTest.snapshot(strict));
        assertEquals(Optional.of(strict), LastPolicy.strict(path, custody, random));
      }
      assertEquals(1, custody.inventory().size(), "no key is left behind");
      custody.destroy(custody.find(root()).orElseThrow());
      assertEquals(Optional.empty(), LastPolicy.strict(path, custody, random), "another token");
      Files.writeString(path, "no journal");
      assertEquals(Optional.empty(), LastPolicy.strict(path, custody, random), "damaged");
    }
  }

  private void write(Path path, KeyCustody custody, GroupSnapshot snapshot) throws Exception {
    if (custody.find(root()).isEmpty()) {
      custody.generateSecret(root(), KeyRole.KEK_PARENT, KeyLifetime.PERSISTENT);
    }
    TokenPath names = new TokenPath(custody, random, TreePolicy.PLAIN);
    try (GroupJournal journal =
        new GroupJournal(path, custody, names, random, AgentClock.system())) {
      journal.begin(snapshot);
    }
  }

  private static KeyName root() {
    return SnapshotCodecTest.snapshot(true).book().root();
  }
}
