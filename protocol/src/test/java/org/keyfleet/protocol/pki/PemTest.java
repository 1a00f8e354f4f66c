package org.keyfleet.protocol.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;

class PemTest {
  private static final Bytes LONG = Bytes.copyOf(new byte[100]);
  private static final Bytes SHORT = Bytes.of(1, 2, 3);

  @Test
  void blocksOfOneLabelComeBackInOrder() throws Exception {
    String text =
        "subject=CN = a\n"
            + Pem.encode("CERTIFICATE", LONG)
            + Pem.encode("X509 CRL", SHORT)
            + Pem.encode("CERTIFICATE", SHORT).replace("\n", "\r\n");
    assertEquals(List.of(LONG, SHORT), Pem.blocks(text, "CERTIFICATE"));
    assertEquals(List.of(), Pem.blocks(text, "PUBLIC KEY"));
  }

  @Test
  void linesHave64Characters() {
    assertTrue(Pem.encode("CERTIFICATE", LONG).lines().allMatch(line -> line.length() <= 64));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-----BEGIN CERTIFICATE-----\nAQID\n",
        "-----BEGIN CERTIFICATE-----\nAQ!D\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAQI\u00e4\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nA: b\n\nAQID\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----"
      })
  void brokenBlocksAreMalformed(String text) {
    assertThrows(MalformedMessageException.class, () -> Pem.blocks(text, "CERTIFICATE"));
  }

  @Test
  void oversizedTextIsNotRead() {
    String text = " ".repeat((1 << 20) + 1);
    assertThrows(MalformedMessageException.class, () -> Pem.blocks(text, "CERTIFICATE"));
  }

  @Test
  void exactlyOnePrivateKey() throws Exception {
    String one = Pem.encode("PRIVATE KEY", SHORT);
    try (SecretBytes key = Pem.privateKey("comment\n" + one)) {
      assertTrue(key.matches(SHORT.toArray()));
    }
    for (String text : List.of("", one + one, Pem.encode("ENCRYPTED PRIVATE KEY", SHORT))) {
      MalformedMessageException e =
          assertThrows(MalformedMessageException.class, () -> Pem.privateKey(text));
      assertTrue(!e.toString().contains("AQID"), "the message quotes the key");
    }
  }
}
