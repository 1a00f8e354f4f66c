package org.keyfleet.agent.group;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.keyfleet.agent.journal.JournalException;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyCustody;

/** What a group demanded of custody when the agent last wrote its journal. */
public final class LastPolicy {
  private LastPolicy() {}

  /**
   * Whether it demanded strict custody; empty without a journal that the token can vouch for. Only
   * while no agent writes it: reading cuts off a torn end.
   */
  public static Optional<Boolean> strict(Path journal, KeyCustody custody, SecureRandom random)
      throws CustodyException, IOException {
    TokenPath names = new TokenPath(custody, random, TreePolicy.PLAIN);
    try (GroupJournal open =
        new GroupJournal(journal, custody, names, random, AgentClock.system())) {
      return open.load().map(GroupSnapshot::strict);
    } catch (JournalException e) {
      return Optional.empty();
    }
  }
}
