package org.keyfleet.hsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.hsm.testkit.SoftHsm;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/** The self-test passes where custody is right, and names what is not. */
final class CustodySelfTestTest {
  private static final char[] PIN = "123456".toCharArray();
  private static final KeyName IDENTITY = KeyName.of("identity");

  @TempDir Path directory = Path.of("");
  private final SecureRandom random = new SecureRandom();

  @Test
  void aTokenPassesAndKeepsNothing() throws Exception {
    assertPasses(new CustodyConfig.Pkcs11(SoftHsm.newToken("selftest", PIN)));
  }

  @Test
  void aKeyFilePassesAndKeepsNothing() throws Exception {
    assertPasses(keyFile());
  }

  private void assertPasses(CustodyConfig config) throws Exception {
    try (KeyCustody custody = CustodyFactory.of(config, random)) {
      custody.open(PIN);
      assertEquals(4, passed(CustodySelfTest.of(custody, IDENTITY, random)));
      custody.generateIdentity(IDENTITY, IdentityAlgorithm.ED25519);
      assertEquals(5, passed(CustodySelfTest.of(custody, IDENTITY, random)));
      assertEquals(1, custody.inventory().size(), "the identity alone");
    }
  }

  private static long passed(List<CustodySelfTest.Line> lines) {
    lines.forEach(line -> assertTrue(line.passed(), line.toString()));
    return lines.size();
  }

  @Test
  void aWrongAnswerIsNamed() throws Exception {
    assertFails("mac", answer -> Bytes.of(1, 2, 3), "unwrap over two levels, then HMAC");
    assertFails("sign", answer -> Bytes.copyOf(new byte[64]), "sign with the identity key");
    assertFails(
        "release", answer -> SecretBytes.takeFrom(new byte[] {1, 2, 3}), "release a wrapped key");
  }

  /** Custody whose answer to one call is another. */
  private void assertFails(String call, UnaryOperator<Object> instead, String name)
      throws Exception {
    try (KeyCustody custody = CustodyFactory.of(keyFile(), random)) {
      custody.open(PIN);
      custody.generateIdentity(IDENTITY, IdentityAlgorithm.ED25519);
      KeyCustody wrong =
          (KeyCustody)
              Proxy.newProxyInstance(
                  KeyCustody.class.getClassLoader(),
                  new Class<?>[] {KeyCustody.class},
                  (proxy, method, arguments) -> {
                    try {
                      Object answer = method.invoke(custody, arguments);
                      return method.getName().equals(call) ? instead.apply(answer) : answer;
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  });
      for (CustodySelfTest.Line line : CustodySelfTest.of(wrong, IDENTITY, random)) {
        assertEquals(!line.name().equals(name), line.passed(), line.toString());
        assertEquals(line.passed(), line.reason().isEmpty());
      }
      assertFalse(custody.inventory().isEmpty());
    }
  }

  private CustodyConfig keyFile() throws CustodyException {
    CustodyConfig config = new CustodyConfig.Soft(directory.resolve("keys-" + random.nextLong()));
    CustodyFactory.initialize(config, PIN, PIN, random);
    return config;
  }
}
