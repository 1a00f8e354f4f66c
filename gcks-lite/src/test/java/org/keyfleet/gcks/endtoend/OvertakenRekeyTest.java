package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyfleet.gcks.policy.RekeyAuthentication;
import org.keyfleet.protocol.gikev2.GroupSaId;
import org.keyfleet.protocol.octets.Bytes;

/**
 * A change of the group is two messages: the new Rekey SA, and over it the new data SAs with the
 * deletion of the old ones. The second one is lost, and comes when the next change is done.
 */
class OvertakenRekeyTest extends AgentsFixture {
  private static final int REKEY_AND_DATA_SAS = 2;

  /** A sender and a member that has lost a message. */
  private record Loss(AgentMember sender, AgentMember member, Bytes lost) {}

  @ParameterizedTest
  @EnumSource(RekeyAuthentication.class)
  void aLostDeletionIsMadeUpForByTheNextOne(RekeyAuthentication authentication) throws Exception {
    Loss loss = loseDataSas(authentication);
    changeGroup();
    requireCurrent(loss);
    assertEquals(0, registrations());
  }

  @ParameterizedTest
  @EnumSource(RekeyAuthentication.class)
  void anOvertakenMessageBringsNoSasBack(RekeyAuthentication authentication) throws Exception {
    Loss loss = loseDataSas(authentication);
    loss.sender().rekeys.clear();
    world().server().group("fleet").orElseThrow().heal(0, 1);
    for (int i = 0; i < 100 && loss.sender().rekeys.size() < REKEY_AND_DATA_SAS; i++) {
      world().run(Duration.ofMillis(20));
    }
    Set<GroupSaId> before = dataSas(loss.member());
    // over a Rekey SA that is kept for DTD
    loss.member().agent().onRekeyDatagram(loss.lost());
    assertEquals(before, dataSas(loss.member()));
    requireCurrent(loss);
  }

  private void requireCurrent(Loss loss) throws Exception {
    world().runSeconds(4);
    assertEquals(dataSas(loss.sender()), dataSas(loss.member()));
    assertTrue(hears(loss.sender(), "still a member", loss.member()));
  }

  private Loss loseDataSas(RekeyAuthentication authentication) throws Exception {
    policy.authentication = authentication;
    policy.extraCopies = 0;
    AgentMember sender = started("m1.fleet.example", custody("m1"), true);
    AgentMember member = started("m2.fleet.example", custody("m2"), false);
    world().runSeconds(4);
    assertEquals(dataSas(sender), dataSas(member));
    sender.rekeys.clear();
    member.loses = REKEY_AND_DATA_SAS;
    changeGroup();
    assertEquals(REKEY_AND_DATA_SAS, sender.rekeys.size());
    assertEquals(0, member.loses);
    return new Loss(sender, member, sender.rekeys.get(1));
  }

  private void changeGroup() throws Exception {
    world().server().group("fleet").orElseThrow().heal(0, 1);
    world().runSeconds(1);
  }

  private static Set<GroupSaId> dataSas(AgentMember of) {
    return of.agent().membership().data().entries().stream()
        .map(sa -> sa.policy().id())
        .collect(Collectors.toSet());
  }
}
