package org.keyfleet.benchmarks.member;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.keyfleet.agent.group.AgentClock;
import org.keyfleet.agent.group.InsecureKeyObserver;
import org.keyfleet.agent.group.InstallException;
import org.keyfleet.agent.group.Membership;
import org.keyfleet.agent.group.MembershipSettings;
import org.keyfleet.agent.group.RekeyOutcome;
import org.keyfleet.agent.registration.RegistrationResult;
import org.keyfleet.gcks.group.DefaultKwk;
import org.keyfleet.gcks.group.FullGroup;
import org.keyfleet.gcks.group.JoinOutcome;
import org.keyfleet.gcks.store.RekeyMessageRow;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.protocol.gikev2.GroupPolicy;
import org.keyfleet.protocol.gikev2.KeyDownload;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;

/** The agent's own membership of a group, without its network. */
final class Device implements AutoCloseable {
  private final Membership membership;
  private final AgentClock clock;

  /**
   * Registers.
   *
   * @param journals folder for its journal
   */
  Device(FullGroup group, LeafIndex leaf, KeyWrap algorithm, KeyCustody custody, Path journals)
      throws IOException, CustodyException, MalformedMessageException, InstallException {
    SecureRandom random = new SecureRandom();
    this.clock = AgentClock.system();
    this.membership =
        new Membership(
            new MembershipSettings(
                KeyName.of("no-identity"),
                Files.createDirectories(journals).resolve("fleet.journal"),
                false,
                false,
                0),
            custody,
            random,
            clock,
            InsecureKeyObserver.NONE);
    SecretBytes gskW = SecretBytes.random(random, algorithm.keyOctets());
    JoinOutcome.Granted granted = group.registration(leaf, new DefaultKwk(algorithm, gskW));
    membership.install(
        new RegistrationResult(
            GroupPolicy.of(granted.gsa()),
            KeyDownload.of(granted.kd()),
            algorithm,
            gskW,
            true,
            false),
        clock.nowNanos());
  }

  /** Follows the messages of one rekey; gives how long it took, in nanoseconds. */
  long follow(List<RekeyMessageRow> messages) throws IOException {
    long nanos = 0;
    for (RekeyMessageRow message : messages) {
      for (Bytes datagram : message.datagrams()) {
        long start = System.nanoTime();
        List<RekeyOutcome> outcomes = membership.onRekeyDatagram(datagram, clock.nowNanos());
        nanos += System.nanoTime() - start;
        if (outcomes.size() != 1 || outcomes.get(0).kind() != RekeyOutcome.Kind.APPLIED) {
          throw new IOException("a rekey was not applied: " + outcomes);
        }
      }
    }
    return nanos;
  }

  @Override
  public void close() {
    membership.forget();
    membership.close();
  }
}
