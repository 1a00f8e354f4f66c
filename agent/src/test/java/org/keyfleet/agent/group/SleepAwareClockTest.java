package org.keyfleet.agent.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SleepAwareClockTest {
  private static final long SECOND = 1_000_000_000L;

  private long awake = 77;
  private long boot = 5 * SECOND;
  private long wallMillis = 1_700_000_000_000L;
  private final InstantSource wall = () -> Instant.ofEpochMilli(wallMillis);

  private final SleepAwareClock clock =
      new SleepAwareClock(() -> awake, wall, () -> OptionalLong.of(boot));
  private final SleepAwareClock bootless =
      new SleepAwareClock(() -> awake, wall, OptionalLong::empty);

  @Test
  void timeAwakeIsCountedAsItIs() {
    for (int i = 1; i <= 100; i++) {
      awake(Duration.ofSeconds(1));
      assertEquals(i * SECOND, clock.nowNanos());
      assertEquals(i * SECOND, bootless.nowNanos());
    }
    assertEquals(0, clock.sleptNanos());
    assertEquals(0, bootless.sleptNanos());
  }

  @Test
  void sleepIsCountedAtOnce() {
    awake(Duration.ofSeconds(2));
    asleep(Duration.ofDays(3));
    assertEquals(2 * SECOND + Duration.ofDays(3).toNanos(), clock.nowNanos());
    assertEquals(2 * SECOND + Duration.ofDays(3).toNanos(), bootless.nowNanos());
    assertEquals(Duration.ofDays(3).toNanos(), clock.sleptNanos());
  }

  @Test
  void shortSleepsAddUp() {
    for (int i = 0; i < 1000; i++) {
      awake(Duration.ofMillis(100));
      asleep(Duration.ofMillis(300));
      clock.nowNanos();
    }
    awake(Duration.ofSeconds(20));
    long missing = 420 * SECOND - clock.nowNanos();
    assertTrue(Math.abs(missing) <= SleepAwareClock.TOLERANCE_NANOS, missing + " ns");
  }

  /** The operator or NTP sets the wall clock: keys live neither longer nor shorter. */
  @Test
  void wallClockThatIsSetChangesNothingWhereBootTimeIsKnown() {
    wallMillis += Duration.ofDays(20_000).toMillis();
    awake(Duration.ofSeconds(1));
    assertEquals(SECOND, clock.nowNanos());
    wallMillis -= Duration.ofDays(30_000).toMillis();
    awake(Duration.ofSeconds(1));
    assertEquals(2 * SECOND, clock.nowNanos());
    assertEquals(0, clock.sleptNanos());
  }

  /** Without it, forward is sleep, and backward is nothing: time never goes back. */
  @Test
  void wallClockThatIsSetEndsKeysEarlyAtWorst() {
    wallMillis += 3_600_000;
    assertEquals(3600 * SECOND, bootless.nowNanos());
    wallMillis -= 7_200_000;
    awake(Duration.ofSeconds(1));
    assertEquals(3601 * SECOND, bootless.nowNanos());
  }

  @Test
  void uptimeIsReadAsLinuxWritesIt(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("uptime"), "350735.47 234388.90\n");
    assertEquals(OptionalLong.of(350_735_470_000_000L), new BootClock(file).get());
    Files.writeString(file, "soon\n");
    assertEquals(OptionalLong.empty(), new BootClock(file).get());
    assertEquals(OptionalLong.empty(), new BootClock(directory.resolve("none")).get());
  }

  private void awake(Duration time) {
    awake += time.toNanos();
    asleep(time);
  }

  private void asleep(Duration time) {
    boot += time.toNanos();
    wallMillis += time.toMillis();
  }
}
