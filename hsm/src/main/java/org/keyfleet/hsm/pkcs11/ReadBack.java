package org.keyfleet.hsm.pkcs11;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.KeyFlag;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyRole;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Session;

/**
 * What the token says of a key that it made: some tokens ignore a template without a word.
 *
 * @param flags the attributes that are true
 * @param token whether the object is persistent
 */
record ReadBack(Set<KeyFlag> flags, boolean token) {
  /** Of a private key. */
  private static final long[] ATTRIBUTES = {
    PKCS11Constants.CKA_TOKEN,
    PKCS11Constants.CKA_SENSITIVE,
    PKCS11Constants.CKA_EXTRACTABLE,
    PKCS11Constants.CKA_NEVER_EXTRACTABLE,
    PKCS11Constants.CKA_MODIFIABLE,
    PKCS11Constants.CKA_DECRYPT,
    PKCS11Constants.CKA_UNWRAP,
    PKCS11Constants.CKA_SIGN,
    PKCS11Constants.CKA_DERIVE,
  };

  /** Of a secret key, which has two more; all in one call, since each call costs by itself. */
  private static final long[] SECRET_ATTRIBUTES =
      LongStream.concat(
              LongStream.of(ATTRIBUTES),
              LongStream.of(PKCS11Constants.CKA_ENCRYPT, PKCS11Constants.CKA_WRAP))
          .toArray();

  static ReadBack of(Session session, long handle, KeyRole role) throws PKCS11Exception {
    Set<KeyFlag> flags = EnumSet.noneOf(KeyFlag.class);
    AttributeVector read =
        session.getAttrValues(handle, role == KeyRole.IDENTITY ? ATTRIBUTES : SECRET_ATTRIBUTES);
    add(flags, KeyFlag.SENSITIVE, read.sensitive());
    add(flags, KeyFlag.EXTRACTABLE, read.extractable());
    add(flags, KeyFlag.NEVER_EXTRACTABLE, read.neverExtractable());
    add(flags, KeyFlag.MODIFIABLE, read.modifiable());
    add(flags, KeyFlag.DECRYPT, read.decrypt());
    add(flags, KeyFlag.UNWRAP, read.unwrap());
    add(flags, KeyFlag.SIGN, read.sign());
    add(flags, KeyFlag.DERIVE, read.derive());
    if (role != KeyRole.IDENTITY) {
      add(flags, KeyFlag.ENCRYPT, read.encrypt());
      add(flags, KeyFlag.WRAP, read.wrap());
    }
    return new ReadBack(flags, Boolean.TRUE.equals(read.token()));
  }

  /** Whether the key can do what its role does and nothing else. */
  boolean fits(KeyRole role, KeyLifetime lifetime) {
    Set<KeyFlag> wanted = EnumSet.of(KeyFlag.SENSITIVE);
    switch (role) {
      case KEK_PARENT, CHAIN, RELEASER -> wanted.add(KeyFlag.UNWRAP);
      case MAC, IDENTITY -> wanted.add(KeyFlag.SIGN);
    }
    if (role.derives(lifetime)) {
      wanted.add(KeyFlag.DERIVE);
    }
    Set<KeyFlag> found = EnumSet.noneOf(KeyFlag.class);
    found.addAll(flags);
    found.remove(KeyFlag.NEVER_EXTRACTABLE); // false for every key that came in or was unwrapped
    if (role == KeyRole.IDENTITY) {
      found.remove(KeyFlag.DERIVE); // by its algorithm
    }
    return found.equals(wanted) && token == (lifetime == KeyLifetime.PERSISTENT);
  }

  /** Whether it is the middle of a key agreement: a session key that derives and shows nothing. */
  boolean onlyDerives() {
    return only(KeyFlag.DERIVE) && !token;
  }

  /** Whether it is the root of what lies outside: persistent, with one use, and shows nothing. */
  boolean isRoot(KeyFlag use) {
    return only(use) && token;
  }

  private boolean only(KeyFlag use) {
    Set<KeyFlag> found = EnumSet.noneOf(KeyFlag.class);
    found.addAll(flags);
    found.remove(KeyFlag.NEVER_EXTRACTABLE); // true or false by the token's reading of "derived"
    return found.equals(EnumSet.of(KeyFlag.SENSITIVE, use));
  }

  private static void add(Set<KeyFlag> flags, KeyFlag flag, @Nullable Boolean value) {
    if (Boolean.TRUE.equals(value)) {
      flags.add(flag);
    }
  }
}
