package org.keyfleet.protocol.ike.interop;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.keyfleet.protocol.ike.IkeSuite;
import org.keyfleet.protocol.ike.SuitePolicy;
import org.keyfleet.protocol.suite.KeyExchangeMethod;
import org.keyfleet.protocol.suite.Prf;

/** What a laboratory peer is to do, as {@code name=value} words. */
record LabOptions(Map<String, String> values) {
  static LabOptions parse(String... words) {
    Map<String, String> values = new TreeMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      values.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return new LabOptions(values);
  }

  String get(String name, String otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  int number(String name, int otherwise) {
    return Integer.parseInt(get(name, String.valueOf(otherwise)));
  }

  /** One cipher and one PRF, so that the test knows what was proved. */
  SuitePolicy policy() {
    IkeSuite.Encryption encryption =
        switch (get("cipher", "gcm")) {
          case "gcm" -> IkeSuite.Encryption.AES_GCM_128;
          case "gcm256" -> IkeSuite.Encryption.AES_GCM_256;
          case "chacha" -> IkeSuite.Encryption.CHACHA20_POLY1305;
          case "cbc128" -> IkeSuite.Encryption.AES_CBC_128_SHA256;
          case "cbc256" -> IkeSuite.Encryption.AES_CBC_256_SHA256;
          default -> throw new IllegalArgumentException(get("cipher", ""));
        };
    Prf prf = get("cipher", "gcm").equals("gcm256") ? Prf.HMAC_SHA2_384 : Prf.HMAC_SHA2_256;
    List<KeyExchangeMethod> methods =
        List.of(get("ke", "CURVE25519").split(",", -1)).stream()
            .map(KeyExchangeMethod::valueOf)
            .toList();
    return new SuitePolicy(List.of(encryption), List.of(prf), methods, List.of(), false);
  }

  /** The method of the initiator's first KE payload. */
  KeyExchangeMethod firstMethod() {
    return Optional.ofNullable(values.get("firstKe"))
        .map(KeyExchangeMethod::valueOf)
        .orElse(policy().keyExchanges().get(0));
  }
}
