package org.keyfleet.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.agent.config.TokenKind;
import org.keyfleet.agent.config.TokenSettings;
import org.keyfleet.agent.token.AgentToken;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;

/** A token that is gone is asked again and again; one that refused the PIN never. */
class TokenWatchTest {
  private static final long HOUR_NANOS = Duration.ofHours(1).toNanos();
  private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private final SecureRandom random = new SecureRandom();
  private int recoveries;

  @Test
  void aTokenThatIsGoneIsTriedAgain() throws Exception {
    TokenWatch watch = watch(CustodyFault.TOKEN_GONE);
    checkForAnHour(watch);
    assertTrue(recoveries > 100, recoveries + " tries in an hour");
    assertTrue(watch.gone());
  }

  @Test
  void aRefusedPinIsTriedOnce() throws Exception {
    for (CustodyFault fault : new CustodyFault[] {CustodyFault.PIN, CustodyFault.PIN_LOCKED}) {
      recoveries = 0;
      TokenWatch watch = watch(fault);
      checkForAnHour(watch);
      assertEquals(1, recoveries);
      assertTrue(watch.gone());
      assertTrue(watch.trouble().endsWith("then start the agent again"), watch.trouble());
    }
  }

  private static void checkForAnHour(TokenWatch watch) {
    for (long now = SECOND_NANOS; now < HOUR_NANOS; now += SECOND_NANOS) {
      watch.suspect(now);
      assertFalse(watch.check(true, now));
    }
  }

  private TokenWatch watch(CustodyFault fault) throws Exception {
    Path pin = Files.writeString(directory.resolve("pin"), "123456\n");
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-------"));
    TokenSettings settings =
        new TokenSettings(
            TokenKind.SOFT, directory.resolve("keys"), "t", Optional.of(pin), Optional.empty());
    InvocationHandler refusing =
        (proxy, method, arguments) -> {
          if (method.getName().equals("alive")) {
            return false;
          }
          assertEquals("recover", method.getName());
          recoveries++;
          throw new CustodyException(fault, "not today");
        };
    KeyCustody custody =
        (KeyCustody)
            Proxy.newProxyInstance(
                KeyCustody.class.getClassLoader(), new Class<?>[] {KeyCustody.class}, refusing);
    return new TokenWatch(new AgentToken(settings, random), custody, random, 0);
  }
}
