package org.keyfleet.gcks.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyfleet.gcks.registration.IkeSa.Phase;
import org.keyfleet.protocol.ike.ExchangeType;

class SaUpkeepTest {
  private static final ResponderLimits LIMITS = new ResponderLimits(64, 1024, 1000, 1, 1280);
  private static final String MEMBER = "m1.example";

  private final IkeSas sas = new IkeSas();
  private final SaTable table = new SaTable(LIMITS);
  private final SaUpkeep upkeep = new SaUpkeep(table, new OwnRequests(LIMITS, new SecureRandom()));

  /** Also while the peer waits for another group's decision, which it can do at will. */
  @ParameterizedTest
  @EnumSource(names = {"OPEN", "DECIDING"})
  void evictedMemberGetsItsFarewellAndNoKeys(Phase phase) throws Exception {
    IkeSa sa = member(phase);
    assertEquals(1, upkeep.memberGone(new ResponderEvent.MemberGone("tv", MEMBER), 0).size());
    assertTrue(sa.groups.isEmpty());
    assertEquals(List.of(), upkeep.inbandRekey(rekey(), 0));
    assertEquals(1, table.size());
  }

  @ParameterizedTest
  @EnumSource(names = {"OPEN", "DECIDING"})
  void memberGetsEachInbandRekey(Phase phase) throws Exception {
    IkeSa sa = member(phase);
    assertEquals(1, upkeep.inbandRekey(rekey(), 0).size());
    assertEquals(
        ExchangeType.GSA_INBAND_REKEY, java.util.Objects.requireNonNull(sa.outgoing).exchange());
    // the second waits for the first to be acknowledged
    assertEquals(List.of(), upkeep.inbandRekey(rekey(), 0));
    assertEquals(1, sa.waiting.size());
  }

  @Test
  void othersOfTheGroupAreNotTouched() throws Exception {
    IkeSa other = sas.authenticated(table, "m2.example", Phase.OPEN);
    other.groups.add("tv");
    member(Phase.OPEN);
    upkeep.memberGone(new ResponderEvent.MemberGone("tv", MEMBER), 0);
    assertTrue(other.groups.contains("tv"));
  }

  /** A group that does not decide does not hold an SA for ever. */
  @Test
  void decisionThatDoesNotComeEndsTheSa() throws Exception {
    IkeSa sa = member(Phase.DECIDING);
    sa.deadlineNanos = 100;
    upkeep.tick(99);
    assertEquals(1, table.size());
    upkeep.tick(100);
    assertEquals(0, table.size());
  }

  private IkeSa member(Phase phase) throws Exception {
    IkeSa sa = sas.authenticated(table, MEMBER, phase);
    sa.groups.add("tv");
    sa.kept = true;
    return sa;
  }

  private static ResponderEvent.InbandRekey rekey() {
    return new ResponderEvent.InbandRekey("tv", kwk -> List.of());
  }
}
