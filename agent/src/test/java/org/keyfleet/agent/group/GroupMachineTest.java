package org.keyfleet.agent.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyfleet.agent.registration.FailureReason;

class GroupMachineTest {
  private static final long SECOND = 1_000_000_000L;
  private static final List<GroupAction> REGISTER = List.of(GroupAction.REGISTER);
  private static final List<GroupAction> FORGET = List.of(GroupAction.FORGET);
  private static final List<GroupAction> NOTHING = List.of();

  private final GroupMachine machine = new GroupMachine("tv", 0, new Random(20261123));

  @Test
  void joinRegistersOnce() {
    assertEquals(REGISTER, machine.onEvent(new GroupEvent.Join(), 0));
    assertEquals(NOTHING, machine.onEvent(new GroupEvent.Join(), 0));
    assertEquals("registering", machine.state().word());
    assertEquals(NOTHING, machine.onEvent(new GroupEvent.Registered(100 * SECOND), 1));
    assertEquals(new GroupState.Member(100 * SECOND), machine.state());
  }

  /** Waits grow, are random, and have a ceiling. */
  @Test
  void passingFailuresAreRetriedWithGrowingWaits() {
    machine.onEvent(new GroupEvent.Join(), 0);
    long now = 0;
    for (int attempt = 1; attempt < 12; attempt++) {
      machine.onEvent(new GroupEvent.Failed(FailureReason.NOT_REACHABLE), now);
      assertEquals("waiting", machine.state().word());
      long wait = machine.nextDeadlineNanos() - now;
      long ceiling = Math.min(60, 1L << attempt) * SECOND;
      assertTrue(wait >= ceiling / 2 && wait <= ceiling, attempt + ": " + wait);
      now = machine.nextDeadlineNanos();
      assertEquals(NOTHING, machine.onEvent(new GroupEvent.Tick(false), now - 1));
      assertEquals(REGISTER, machine.onEvent(new GroupEvent.Tick(false), now));
    }
  }

  @ParameterizedTest
  @EnumSource(FailureReason.class)
  void refusalsWaitLonger(FailureReason reason) {
    machine.onEvent(new GroupEvent.Join(), 0);
    machine.onEvent(new GroupEvent.Failed(reason), 0);
    assertEquals(reason.isPassing() ? "waiting" : "refused", machine.state().word());
    assertTrue(reason.isPassing() || machine.nextDeadlineNanos() >= 150 * SECOND);
    assertEquals(REGISTER, machine.onEvent(new GroupEvent.Join(), 1));
  }

  /** RFC 9838 section 2.4.1.4: "is about to expire" and not replaced. */
  @Test
  void memberRenewsNearTheEndAndKeepsItsKeysMeanwhile() {
    machine.onEvent(new GroupEvent.Restored(50 * SECOND), 0);
    assertEquals(50 * SECOND, machine.nextDeadlineNanos());
    assertEquals(REGISTER, machine.onEvent(new GroupEvent.Tick(true), 50 * SECOND));
    assertEquals("member", machine.state().word());
    machine.onEvent(new GroupEvent.Failed(FailureReason.NOT_REACHABLE), 50 * SECOND);
    assertEquals("member", machine.state().word());
    assertEquals(REGISTER, machine.onEvent(new GroupEvent.Tick(true), 70 * SECOND));
    machine.onEvent(new GroupEvent.Registered(200 * SECOND), 71 * SECOND);
    assertEquals(new GroupState.Member(200 * SECOND), machine.state());
  }

  /** A message that overtook the one before it is no loss. */
  @Test
  void rekeyThatComesAfterAllCancelsTheRenewal() {
    machine.onEvent(new GroupEvent.Restored(500 * SECOND), 0);
    machine.onEvent(new GroupEvent.LostRekey(), 0);
    assertInstanceOf(GroupState.RenewalWaiting.class, machine.state());
    assertTrue(machine.nextDeadlineNanos() <= 4 * SECOND);
    machine.onEvent(new GroupEvent.Rekeyed(600 * SECOND), SECOND);
    assertEquals(new GroupState.Member(600 * SECOND), machine.state());
  }

  @Test
  void whatOnlyARegistrationHelpsIsNotCancelled() {
    machine.onEvent(new GroupEvent.Restored(500 * SECOND), 0);
    machine.onEvent(new GroupEvent.LostRekey(), 0);
    machine.onEvent(new GroupEvent.NeedsRegistration(), 0);
    machine.onEvent(new GroupEvent.Rekeyed(600 * SECOND), SECOND);
    assertInstanceOf(GroupState.RenewalWaiting.class, machine.state());
    assertEquals(REGISTER, machine.onEvent(new GroupEvent.Tick(true), 4 * SECOND));
  }

  /** A fleet that the GCKS could not answer for a while does not come when it no longer has to. */
  @Test
  void rekeyCancelsARenewalThatFailed() {
    machine.onEvent(new GroupEvent.Restored(50 * SECOND), 0);
    machine.onEvent(new GroupEvent.Tick(true), 50 * SECOND);
    machine.onEvent(new GroupEvent.Failed(FailureReason.NOT_REACHABLE), 50 * SECOND);
    machine.onEvent(new GroupEvent.Rekeyed(600 * SECOND), 51 * SECOND);
    assertEquals(new GroupState.Member(600 * SECOND), machine.state());
  }

  /** Over the spread that was asked for, and no more than a tenth of what is left. */
  @Test
  void lostRekeysAreAskedForOverTheSpread() {
    long earliest = Long.MAX_VALUE;
    long latest = 0;
    for (int seed = 0; seed < 200; seed++) {
      GroupMachine one = new GroupMachine("tv", 300 * SECOND, new Random(seed));
      one.onEvent(new GroupEvent.Restored(36_000 * SECOND), 0);
      one.onEvent(new GroupEvent.LostRekey(), 0);
      earliest = Math.min(earliest, one.nextDeadlineNanos());
      latest = Math.max(latest, one.nextDeadlineNanos());
      GroupMachine dying = new GroupMachine("tv", 300 * SECOND, new Random(seed));
      dying.onEvent(new GroupEvent.Restored(100 * SECOND), 0);
      dying.onEvent(new GroupEvent.LostRekey(), 0);
      assertTrue(dying.nextDeadlineNanos() <= 10 * SECOND);
    }
    assertTrue(earliest >= 2 * SECOND && earliest < 30 * SECOND, "first after " + earliest);
    assertTrue(latest > 270 * SECOND && latest <= 300 * SECOND, "last after " + latest);
  }

  /** RFC 9838 section 2.4.3: after "some randomly chosen time" of "the order of seconds". */
  @Test
  void excludedForgetsWaitsAndAsks() {
    machine.onEvent(new GroupEvent.Restored(500 * SECOND), 0);
    assertEquals(FORGET, machine.onEvent(new GroupEvent.ExcludedNow(), 0));
    assertEquals("excluded", machine.state().word());
    long retry = machine.nextDeadlineNanos();
    assertTrue(retry >= 2 * SECOND && retry <= 5 * SECOND, "after " + retry);
    assertEquals(REGISTER, machine.onEvent(new GroupEvent.Tick(false), retry));
    assertEquals("excluded", machine.state().word());
    machine.onEvent(new GroupEvent.Failed(FailureReason.NOT_AUTHORISED), retry);
    assertEquals("excluded", machine.state().word());
    assertTrue(machine.nextDeadlineNanos() >= retry + 150 * SECOND);
    machine.onEvent(new GroupEvent.Tick(false), machine.nextDeadlineNanos());
    machine.onEvent(new GroupEvent.Registered(9_000 * SECOND), 8_000 * SECOND);
    assertEquals("member", machine.state().word());
  }

  @Test
  void memberThatIsNotAdmittedAnyMoreIsExcluded() {
    machine.onEvent(new GroupEvent.Restored(SECOND), 0);
    machine.onEvent(new GroupEvent.Tick(true), SECOND);
    assertEquals(
        FORGET, machine.onEvent(new GroupEvent.Failed(FailureReason.NOT_AUTHORISED), SECOND));
    assertEquals("excluded", machine.state().word());
  }

  @Test
  void leavingSaysGoodbyeAndForgetsAlsoWithoutAnswer() {
    machine.onEvent(new GroupEvent.Restored(500 * SECOND), 0);
    assertEquals(List.of(GroupAction.SAY_GOODBYE), machine.onEvent(new GroupEvent.Leave(), 0));
    assertEquals("leaving", machine.state().word());
    assertEquals(
        FORGET, machine.onEvent(new GroupEvent.Failed(FailureReason.NOT_REACHABLE), SECOND));
    assertEquals("idle", machine.state().word());
    assertEquals(NOTHING, machine.onEvent(new GroupEvent.ExcludedNow(), SECOND));
    assertEquals(NOTHING, machine.onEvent(new GroupEvent.Leave(), SECOND));
    assertEquals(AgentClock.NEVER, machine.nextDeadlineNanos());
  }

  @Test
  void memberWhoseSasEndedRegisters() {
    machine.onEvent(new GroupEvent.Restored(AgentClock.NEVER), 0);
    assertEquals(REGISTER, machine.onEvent(new GroupEvent.Tick(false), SECOND));
    assertEquals("registering", machine.state().word());
  }
}
