package org.keyfleet.hsm.pkcs11;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.Capabilities;
import org.keyfleet.hsm.CustodyLevel;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyDerivation;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.KeyWrap;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.Mechanism;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Session;
import org.xipki.pkcs11.wrapper.Token;

/**
 * Measures a token with known answers, in a session of its own that is closed afterwards. A test
 * that the token refuses is a capability that it does not have, with the reason in the notes.
 */
final class SelfTest {
  /**
   * What was found.
   *
   * @param wrap how the token unwraps; null if it does not, or does not keep what it unwraps
   * @param lentKeyType the CKK_ type that a released key gets
   * @param unwrapTemplates whether the token takes CKA_UNWRAP_TEMPLATE
   */
  record Findings(
      Capabilities capabilities,
      @Nullable WrapMechanism wrap,
      long lentKeyType,
      boolean unwrapTemplates) {}

  /** One test; throws if the token refuses. */
  private interface Check {
    boolean passes() throws PKCS11Exception;
  }

  private static final KeyName NAME = KeyName.of("self-test");

  /** SoftHSM takes a megabyte; this is what the protocol's own key wrap takes. */
  private static final int MAX_WRAPPED_OCTETS = KeyWrap.MAX_KEY_OCTETS + 8;

  private static final int MAX_AES_WRAPPED_OCTETS = 40;

  private final Token token;
  private final Session session;
  private final Set<Quirk> quirks;
  private final Map<String, String> notes = new TreeMap<>();
  private boolean unwrapTemplates = true;
  private @Nullable WrapMechanism wrap;
  private long lentKeyType = PKCS11Constants.CKK_GENERIC_SECRET;

  private SelfTest(Token token, Session session, Set<Quirk> quirks) {
    this.token = token;
    this.session = session;
    this.quirks = quirks;
  }

  static Findings of(Token token, Set<Quirk> quirks) throws PKCS11Exception {
    Session session = token.openSession(true);
    try {
      return new SelfTest(token, session, quirks).run();
    } finally {
      session.closeSession();
    }
  }

  private Findings run() {
    notes.put("token", describe());
    quirks.forEach(quirk -> notes.put("quirk " + quirk, quirk.remark()));
    boolean macs = check("hmac", () -> tag(create(KeyRole.MAC, KnownAnswers.HMAC_KEY)));
    findWrap();
    if (wrap != null && !keepsWhatItUnwraps()) {
      wrap = null;
    }
    boolean enforced = wrap != null && unwrapTemplates && check("roles", this::rolesHold);
    boolean derives = macs && check("derive", this::derivesRight);
    boolean agrees = macs && check("agree", this::agreesRight);
    Capabilities capabilities =
        new Capabilities(
            wrap == null ? CustodyLevel.TOKEN_ROOTED : CustodyLevel.IN_TOKEN,
            enforced,
            identities(),
            agrees,
            derives,
            derives && wrap != null,
            macs,
            maxWrappedOctets(),
            notes);
    return new Findings(capabilities, wrap, lentKeyType, unwrapTemplates);
  }

  private int maxWrappedOctets() {
    if (wrap == null) {
      return 0;
    }
    return lentKeyType == PKCS11Constants.CKK_AES ? MAX_AES_WRAPPED_OCTETS : MAX_WRAPPED_OCTETS;
  }

  private boolean tag(long key) throws PKCS11Exception {
    return hmac(key).equals(KnownAnswers.HMAC_TAG);
  }

  /** Finds out about CKA_UNWRAP_TEMPLATE, the mechanism and the type of released keys at once. */
  private void findWrap() {
    Optional<Long> releaser = releaser();
    if (releaser.isEmpty()) {
      return;
    }
    for (WrapMechanism candidate : WrapMechanism.values()) {
      if (check("kwp " + candidate, () -> releases(releaser.get(), candidate))) {
        wrap = candidate;
        return;
      }
    }
    lentKeyType = PKCS11Constants.CKK_AES;
    for (WrapMechanism candidate : WrapMechanism.values()) {
      if (check("kwp as AES " + candidate, () -> releasesAes(releaser.get(), candidate))) {
        wrap = candidate;
        return;
      }
    }
  }

  private Optional<Long> releaser() {
    for (boolean withTemplate : new boolean[] {true, false}) {
      unwrapTemplates = withTemplate;
      try {
        return Optional.of(create(KeyRole.RELEASER, KnownAnswers.KEK));
      } catch (PKCS11Exception e) {
        notes.put(withTemplate ? "unwrap template" : "import", e.getErrorName());
      }
    }
    return Optional.empty();
  }

  private boolean releases(long releaser, WrapMechanism candidate) throws PKCS11Exception {
    long key =
        session.unwrapKey(
            candidate.mechanism(),
            releaser,
            KnownAnswers.WRAPPED_20.toArray(),
            Templates.lent(PKCS11Constants.CKK_GENERIC_SECRET));
    return value(key).equals(KnownAnswers.KEY_20);
  }

  private boolean releasesAes(long releaser, WrapMechanism candidate) throws PKCS11Exception {
    long key =
        session.unwrapKey(
            candidate.mechanism(),
            releaser,
            KnownAnswers.WRAPPED_ROOT.toArray(),
            Templates.lent(PKCS11Constants.CKK_AES));
    return value(key).equals(KnownAnswers.ROOT);
  }

  /** A key that shows its octets although it was asked not to is no key of the token's. */
  private boolean keepsWhatItUnwraps() {
    boolean guarded =
        check(
            "keeps",
            () -> {
              long parent = create(KeyRole.KEK_PARENT, KnownAnswers.KEK);
              long child =
                  session.unwrapKey(
                      Objects.requireNonNull(wrap).mechanism(),
                      parent,
                      KnownAnswers.WRAPPED_ROOT.toArray(),
                      Templates.sealed(secret(KeyRole.KEK_PARENT)));
              return ReadBack.of(session, child, KeyRole.KEK_PARENT)
                  .fits(KeyRole.KEK_PARENT, KeyLifetime.SESSION);
            });
    return guarded && !quirks.contains(Quirk.UNWRAP_IGNORES_ATTRIBUTES);
  }

  /** A parent must refuse to let a key out, and a releaser to keep one. */
  private boolean rolesHold() throws PKCS11Exception {
    long parent = create(KeyRole.KEK_PARENT, KnownAnswers.KEK);
    long releaser = create(KeyRole.RELEASER, KnownAnswers.KEK);
    return refuses(parent, Templates.lent(lentKeyType))
        && refuses(releaser, Templates.sealed(secret(KeyRole.KEK_PARENT)));
  }

  private boolean refuses(long key, AttributeVector template) {
    WrapMechanism mechanism = wrap;
    if (mechanism == null) {
      return false;
    }
    try {
      byte[] wrapped = KnownAnswers.WRAPPED_ROOT.toArray();
      session.unwrapKey(mechanism.mechanism(), key, wrapped, template);
      return false;
    } catch (PKCS11Exception e) {
      return true;
    }
  }

  private boolean derivesRight() throws PKCS11Exception {
    long root =
        session.createObject(
            Templates.sealed(Templates.deriving().value(KnownAnswers.ROOT.toArray())));
    return hmac(deriveMac(root)).equals(KnownAnswers.DERIVED_TAG);
  }

  private boolean agreesRight() throws PKCS11Exception {
    long identity =
        session.createObject(
            AttributeVector.newECPrivateKey()
                .token(false)
                .private_(true)
                .sensitive(true)
                .extractable(false)
                .derive(true)
                .ecParams(Curves.P256.toArray())
                .value(KnownAnswers.SCALAR.toArray()));
    long shared = Derivation.agree(session, identity, KnownAnswers.PEER_POINT);
    return hmac(deriveMac(shared)).equals(KnownAnswers.AGREED_TAG);
  }

  /** By name only: a signature of a new key is checked when the key is made. */
  private Set<IdentityAlgorithm> identities() {
    Set<Long> mechanisms = new HashSet<>();
    for (long mechanism : token.getMechanismList()) {
      mechanisms.add(mechanism);
    }
    Set<IdentityAlgorithm> identities = EnumSet.noneOf(IdentityAlgorithm.class);
    if (mechanisms.contains(PKCS11Constants.CKM_EC_KEY_PAIR_GEN)
        && mechanisms.contains(PKCS11Constants.CKM_ECDSA)) {
      identities.add(IdentityAlgorithm.P256);
    }
    if (mechanisms.contains(PKCS11Constants.CKM_EC_EDWARDS_KEY_PAIR_GEN)
        && mechanisms.contains(PKCS11Constants.CKM_EDDSA)) {
      identities.add(IdentityAlgorithm.ED25519);
    }
    return identities;
  }

  private boolean check(String name, Check check) {
    try {
      boolean passes = check.passes();
      notes.put(name, passes ? "right" : "wrong");
      return passes;
    } catch (PKCS11Exception e) {
      notes.put(name, e.getErrorName());
      return false;
    }
  }

  private long create(KeyRole role, Bytes value) throws PKCS11Exception {
    return session.createObject(Templates.sealed(secret(role).value(value.toArray())));
  }

  private long deriveMac(long parent) throws PKCS11Exception {
    return Derivation.derive(
        session, parent, KnownAnswers.LABEL, KeyDerivation.CHILD_OCTETS, secret(KeyRole.MAC));
  }

  private AttributeVector secret(KeyRole role) {
    return Templates.secret(NAME, role, KeyLifetime.SESSION, unwrapTemplates);
  }

  private Bytes hmac(long key) throws PKCS11Exception {
    return Bytes.copyOf(
        session.signSingle(
            new Mechanism(PKCS11Constants.CKM_SHA256_HMAC), key, KnownAnswers.HMAC_DATA.toArray()));
  }

  private Bytes value(long key) throws PKCS11Exception {
    byte[] value = session.getAttrValues(key, PKCS11Constants.CKA_VALUE).value();
    return value == null ? Bytes.EMPTY : Bytes.copyOf(value);
  }

  private String describe() {
    return Pkcs11Library.info(token)
        .map(info -> info.getManufacturerID().strip() + " " + info.getModel().strip())
        .orElse("unknown");
  }
}
