package org.keyfleet.protocol.gikev2;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.NotAuthenticException;

/** Real keys for the numbers of RFC 9838 appendix A; both the GCKS and each member have such. */
final class AppendixAKeys {
  static final KeyWrap KW = KeyWrap.KW_5649_256;
  private static final int KEYMAT_OCTETS = 32 + 4 + 32; // AES-GCM-256 with salt, GSK_w

  private final Map<Long, SecretBytes> byId = new HashMap<>();

  /** The GCKS: a new key for every ID it meets. */
  SecretBytes fresh(long keyId, SecureRandom random) {
    return byId.computeIfAbsent(
        keyId, id -> SecretBytes.random(random, id == 0 ? KEYMAT_OCTETS : KW.keyOctets()));
  }

  SecretBytes get(long keyId) {
    return Objects.requireNonNull(byId.get(keyId), () -> "no key " + keyId);
  }

  void put(long keyId, SecretBytes key) {
    byId.put(keyId, key);
  }

  void forget(long keyId) {
    byId.remove(keyId);
  }

  /** {@code kwk{key}}. */
  WrappedKey wrap(long kwkId, long keyId, SecretBytes kwk, SecretBytes key) {
    return new WrappedKey(keyId, kwkId, KW.wrap(kwk, key));
  }

  /** Executes a plan as key custody does; gives the keying material of the SA. */
  SecretBytes execute(List<WrappedKey> steps, SecretBytes gskW) throws NotAuthenticException {
    SecretBytes last = gskW;
    for (WrappedKey step : steps) {
      SecretBytes kwk = step.kwkId() == WrappedKey.DEFAULT_KWK ? gskW : get(step.kwkId());
      last = KW.unwrap(kwk, step.encryptedKey());
      if (step.keyId() != WrappedKey.SA_KEYING_MATERIAL) {
        put(step.keyId(), last);
      }
    }
    return last;
  }

  /** Whether this holder can open {@code key} with anything he has. */
  boolean canOpen(Bytes encryptedKey) {
    for (SecretBytes kwk : byId.values()) {
      if (kwk.size() == KW.keyOctets() && opens(kwk, encryptedKey)) {
        return true;
      }
    }
    return false;
  }

  private static boolean opens(SecretBytes kwk, Bytes encryptedKey) {
    try (SecretBytes opened = KW.unwrap(kwk, encryptedKey)) {
      return opened.size() > 0;
    } catch (NotAuthenticException e) {
      return false;
    }
  }
}
