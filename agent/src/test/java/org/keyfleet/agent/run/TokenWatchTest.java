package org.keyfleet.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keyfleet.agent.config.TokenKind;
import org.keyfleet.agent.config.TokenSettings;
import org.keyfleet.agent.token.AgentToken;
import org.keyfleet.hsm.CustodyFault;

class TokenWatchTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long PIN_LOCKED_CODE = 0xA4; // CKR_PIN_LOCKED

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private final ScriptedCustody token = new ScriptedCustody();
  private Path pin = Path.of("unset");

  @BeforeEach
  void writePin() throws Exception {
    pin = Files.writeString(directory.resolve("pin"), "123456\n");
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-------"));
  }

  private TokenWatch watch(Optional<Path> pinFile) {
    TokenSettings settings =
        new TokenSettings(
            TokenKind.SOFT, directory.resolve("keys"), "stb", pinFile, Optional.empty());
    AgentToken named = new AgentToken(settings, new SecureRandom());
    return new TokenWatch(named, token.custody, new Random(7), 0);
  }

  private TokenWatch watch() {
    return watch(Optional.of(pin));
  }

  @Test
  void aLostTokenIsRecoveredAtOnceAndSaidSo() {
    TokenWatch watch = watch();
    token.alive = false;
    assertEquals(TokenWatch.Finding.RECOVERED, watch.check(true, SECOND));
    assertEquals(1, token.recoveries);
    assertEquals(TokenWatch.Condition.PRESENT, watch.condition());
  }

  /** A full disk made every wake-up end and begin the token's sessions. */
  @Test
  void aTokenThatAnswersIsNotRecoveredHoweverOftenItIsSuspected() {
    TokenWatch watch = watch();
    int tries = 0;
    for (long now = 0; now < 120 * SECOND; now += SECOND / 100) {
      if (watch.check(true, now) == TokenWatch.Finding.ANSWERS) {
        tries++;
      }
    }
    assertEquals(0, token.recoveries);
    assertTrue(tries >= 5 && tries <= 16, tries + " tries in two minutes");
  }

  @Test
  void oneRecoveryInTenSecondsAtMost() {
    TokenWatch watch = watch();
    for (long now = 0; now < 60 * SECOND; now += SECOND / 100) {
      token.alive = false; // each time it comes back it goes at once
      watch.check(true, now);
    }
    assertTrue(token.recoveries >= 2 && token.recoveries <= 6, token.recoveries + " recoveries");
  }

  @Test
  void aTokenThatStaysAwayIsTriedWithGrowingWaits() {
    TokenWatch watch = watch();
    token.alive = false;
    token.recoverFault = CustodyFault.TOKEN_GONE;
    for (long now = 0; now < 600 * SECOND; now += SECOND / 10) {
      watch.check(true, now);
    }
    assertEquals(TokenWatch.Condition.GONE, watch.condition());
    assertTrue(token.recoveries >= 15 && token.recoveries <= 60, token.recoveries + " recoveries");
  }

  @Test
  void aRefusedPinIsTriedAgainOnlyWhenItsFileHasChanged() throws Exception {
    TokenWatch watch = watch();
    token.alive = false;
    token.recoverFault = CustodyFault.PIN;
    long now = checkedFor(3_600, watch, 0);
    assertEquals(1, token.recoveries);
    assertEquals(TokenWatch.Condition.PIN_WRONG, watch.condition());
    token.recoverFault = null;
    Files.writeString(pin, "654321\n");
    requireRecovered(watch, now, 20);
    assertEquals(2, token.recoveries);
  }

  /** The token says itself that it takes no PIN, and is not given one. */
  @ParameterizedTest
  @EnumSource(
      value = CustodyFault.class,
      names = {"PIN_LAST_TRY", "PIN_LOCKED"})
  void aTokenThatTakesNoPinIsAskedUntilItDoes(CustodyFault fault) {
    TokenWatch watch = watch();
    token.alive = false;
    token.recoverFault = fault;
    long now = checkedFor(3_600, watch, 0);
    assertTrue(token.recoveries > 60 && token.recoveries < 360, token.recoveries + " an hour");
    assertEquals(TokenWatch.Condition.valueOf(fault.name()), watch.condition());
    token.recoverFault = null;
    requireRecovered(watch, now, 40);
  }

  /** A TPM has no flag: the login itself says that it is locked, and that ends with time. */
  @Test
  void aLockThatOnlyTheLoginShowsIsTriedWithThePinThatWasRight() {
    TokenWatch watch = watch();
    token.alive = false;
    token.recoverFault = CustodyFault.PIN_LOCKED;
    token.vendorCode = PIN_LOCKED_CODE;
    long now = checkedFor(600, watch, 0);
    assertTrue(token.recoveries > 10, token.recoveries + " in ten minutes");
    token.recoverFault = null;
    requireRecovered(watch, now, 40);
  }

  @Test
  void aLockThatOnlyTheLoginShowsIsNotTriedWithAPinThatNeverWas() throws Exception {
    TokenWatch watch = watch();
    token.alive = false;
    token.recoverFault = CustodyFault.PIN_LOCKED;
    token.vendorCode = PIN_LOCKED_CODE;
    Files.writeString(pin, "654321\n");
    checkedFor(3_600, watch, 0);
    assertEquals(1, token.recoveries);
    assertEquals(TokenWatch.Condition.PIN_LOCKED, watch.condition());
  }

  private long checkedFor(int seconds, TokenWatch watch, long from) {
    long now = from;
    for (; now < from + seconds * SECOND; now += SECOND) {
      watch.check(true, now);
    }
    return now;
  }

  private static void requireRecovered(TokenWatch watch, long from, int seconds) {
    TokenWatch.Finding finding = TokenWatch.Finding.NOTHING_NEW;
    for (long now = from;
        now < from + seconds * SECOND && finding != TokenWatch.Finding.RECOVERED;
        now += SECOND) {
      finding = watch.check(false, now);
    }
    assertEquals(TokenWatch.Finding.RECOVERED, finding);
    assertEquals("present", watch.condition().word());
    assertEquals("", watch.trouble());
  }

  /** A prompt would keep every group waiting for somebody who is not there. */
  @Test
  void withoutAPinFileNobodyIsAsked() {
    TokenWatch watch = watch(Optional.empty());
    token.alive = false;
    for (long now = 0; now < 600 * SECOND; now += SECOND) {
      watch.check(true, now);
    }
    assertEquals(0, token.recoveries);
    assertEquals("pin-needed", watch.condition().word());
    assertTrue(watch.trouble().contains("pin-file"), watch.trouble());
  }
}
