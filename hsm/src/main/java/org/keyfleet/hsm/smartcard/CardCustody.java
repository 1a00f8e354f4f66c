package org.keyfleet.hsm.smartcard;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.Capabilities;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.CustodyLevel;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyDerivation;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRecord;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.RekeyGate;
import org.keyfleet.hsm.SubsetKeys;
import org.keyfleet.hsm.ec.P256;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * Custody of level {@link CustodyLevel#IN_TOKEN} in a card with our applet, which keeps the roles
 * itself. The owner thread is kept by the caller, {@link org.keyfleet.hsm.CustodyFactory}.
 */
public final class CardCustody implements KeyCustody, SubsetKeys {
  /** The AID of the applet: proprietary (ISO/IEC 7816-5), "KEYFLEET", version 1. */
  public static final Bytes AID = Bytes.fromHex("F0 4B4559464C454554 01");

  /** What an open card is used by. */
  private record Live(
      CardSession session,
      Capabilities capabilities,
      CardIndex index,
      CardSecrets secrets,
      CardIdentities identities,
      Optional<RekeyGate> gate) {}

  private final CardReader reader;
  private final Bytes aid;
  private final boolean lastPinTry;
  private @Nullable Live live;
  private int incarnation;
  private int births;

  /**
   * @param lastPinTry whether a PIN is tried also when the card locks after it if it is wrong
   */
  public CardCustody(CardReader reader, Bytes aid, boolean lastPinTry) {
    this.reader = reader;
    this.aid = aid;
    this.lastPinTry = lastPinTry;
  }

  /**
   * Gives a blank card its PIN and PUK.
   *
   * @throws CustodyException EXISTS if it has them, POLICY if its issuer gives them
   */
  public static void initialize(CardReader reader, Bytes aid, char[] pin, char[] puk)
      throws CustodyException {
    try (CardSession session = CardSession.start(reader, aid)) {
      if (CardInfo.of(session).ready()) {
        throw new CustodyException(
            CustodyFault.EXISTS, "the card in " + reader.name() + " has a PIN");
      }
      CardPin.initialize(session, pin, puk);
    }
  }

  @Override
  public Capabilities open(char[] pin) throws CustodyException {
    close();
    CardSession session = CardSession.start(reader, aid);
    incarnation++;
    try {
      CardInfo info = CardInfo.of(session);
      if (!info.ready()) {
        throw new CustodyException(
            CustodyFault.PIN, "the card in " + reader.name() + " is blank: initialise it");
      }
      CardPin.verify(session, info, pin, lastPinTry);
      Capabilities measured = CardSelfTest.of(session, info);
      CardIndex index =
          new CardIndex(
              session,
              info,
              (name, role, lifetime, slot) ->
                  new CardKey(name, role, lifetime, incarnation, slot, ++births, this));
      index.load();
      live =
          new Live(
              session,
              measured,
              index,
              new CardSecrets(session),
              new CardIdentities(session, info.maxCertificateOctets()),
              info.demands() ? Optional.of(new CardGate(session)) : Optional.empty());
      return measured;
    } catch (CustodyException e) {
      session.close();
      throw e;
    }
  }

  @Override
  public Capabilities capabilities() {
    if (live == null) {
      throw new IllegalStateException("the card was not measured yet");
    }
    return live.capabilities();
  }

  @Override
  public boolean alive() {
    if (live == null || live.session().isLost()) {
      return false;
    }
    try {
      // answered after the PIN only, so it also tells that nobody reset the card
      live.session().ask("list its keys", Ins.LIST, 0, 0);
      return true;
    } catch (CustodyException e) {
      return false;
    }
  }

  @Override
  public Capabilities recover(char[] pin) throws CustodyException {
    return open(pin);
  }

  @Override
  public KeyRef importRoot(KeyName name, SecretBytes key, KeyRole role, KeyLifetime lifetime)
      throws CustodyException {
    CardKey made = live().index().fresh(name, role, lifetime);
    live().secrets().put(made, key);
    return live().index().add(made);
  }

  @Override
  public KeyRef generateSecret(KeyName name, KeyRole role, KeyLifetime lifetime)
      throws CustodyException {
    CardKey made = live().index().fresh(name, role, lifetime);
    live().secrets().generate(made);
    return live().index().add(made);
  }

  @Override
  public Optional<KeyRef> find(KeyName name) throws CustodyException {
    return live().index().find(name).map(key -> key);
  }

  @Override
  public KeyRef unwrap(
      KeyRef parent, Bytes wrapped, KeyName child, KeyRole role, KeyLifetime lifetime)
      throws CustodyException {
    CardKey kek = use(parent);
    CardKey made = live().index().fresh(child, role, lifetime);
    live().secrets().unwrap(kek, wrapped, made);
    return live().index().add(made);
  }

  @Override
  public SecretBytes release(KeyRef releaser, Bytes wrapped) throws CustodyException {
    return live().secrets().release(use(releaser), wrapped);
  }

  @Override
  public KeyRef derive(KeyRef parent, Bytes label, int octets, KeyName child, KeyRole role)
      throws CustodyException {
    if (octets != KeyDerivation.CHILD_OCTETS || role == KeyRole.CHAIN) {
      throw new CustodyException(
          CustodyFault.UNSUPPORTED, "this applet derives keys of 32 octets, and no chains");
    }
    CardKey from = use(parent);
    CardKey made = live().index().fresh(child, role, KeyLifetime.SESSION);
    live().secrets().derive(from, label, made);
    return live().index().add(made);
  }

  @Override
  public Bytes mac(KeyRef key, Bytes message) throws CustodyException {
    return Bytes.copyOf(live().secrets().mac(use(key), message));
  }

  @Override
  public SecretBytes macSecret(KeyRef key, Bytes message) throws CustodyException {
    return SecretBytes.takeFrom(live().secrets().mac(use(key), message));
  }

  /** There is one when the card demands it; it belongs to what {@link #open} opened. */
  @Override
  public Optional<RekeyGate> rekeyGate() {
    return live == null ? Optional.empty() : live.gate();
  }

  @Override
  public Optional<SubsetKeys> subsetKeys() {
    return Optional.of(this);
  }

  @Override
  public KeyRef subsetKey(long rank, KeyName child, KeyRole role) throws CustodyException {
    CardKey made = live().index().fresh(child, role, KeyLifetime.SESSION);
    live().secrets().subsetKey(rank, made);
    return live().index().add(made);
  }

  @Override
  public KeyRef generateIdentity(KeyName name, IdentityAlgorithm algorithm)
      throws CustodyException {
    CardKey made = live().index().fresh(name, KeyRole.IDENTITY, KeyLifetime.PERSISTENT);
    if (!live().capabilities().identities().contains(algorithm)) {
      throw new CustodyException(
          CustodyFault.UNSUPPORTED, "the card makes no " + algorithm + " keys");
    }
    live().identities().generate(made);
    return live().index().add(made);
  }

  @Override
  public Bytes publicKeyInfo(KeyRef identity) throws CustodyException {
    return live().identities().publicKeyInfo(use(identity));
  }

  @Override
  public Bytes sign(KeyRef identity, Bytes message) throws CustodyException {
    return live().identities().sign(use(identity), message);
  }

  @Override
  public KeyRef agree(KeyRef identity, Bytes peerPoint, Bytes label, KeyName child)
      throws CustodyException {
    CardKey key = use(identity);
    P256.publicKey(peerPoint);
    CardKey made = live().index().fresh(child, KeyRole.KEK_PARENT, KeyLifetime.SESSION);
    live().identities().agree(key, peerPoint, label, made);
    return live().index().add(made);
  }

  @Override
  public void storeCertificate(KeyRef identity, Bytes certificate) throws CustodyException {
    live().identities().storeCertificate(use(identity), certificate);
  }

  @Override
  public Optional<Bytes> certificate(KeyRef identity) throws CustodyException {
    return live().identities().certificate(use(identity));
  }

  @Override
  public List<KeyRecord> inventory() throws CustodyException {
    return live().index().keys().stream()
        .map(
            key ->
                new KeyRecord(
                    key.name(),
                    key.role(),
                    key.lifetime(),
                    CardRole.flags(key.role(), key.lifetime())))
        .toList();
  }

  @Override
  public void destroy(KeyRef key) throws CustodyException {
    CardKey destroyed = use(key);
    live().secrets().destroy(destroyed.slot());
    live().index().remove(destroyed);
  }

  @Override
  public int retainPersistent(Set<KeyName> named) throws CustodyException {
    List<Integer> unnamed = live().index().unnamed(named);
    for (int slot : unnamed) {
      live().secrets().destroy(slot);
      live().index().removeSlot(slot);
    }
    return unnamed.size();
  }

  @Override
  public void close() {
    if (live != null) {
      live.session().close();
      live = null;
    }
  }

  private Live live() throws CustodyException {
    if (live == null || live.session().isLost()) {
      throw new CustodyException(
          CustodyFault.TOKEN_GONE, "the card in " + reader.name() + " is gone: recover");
    }
    return live;
  }

  private CardKey use(KeyRef ref) throws CustodyException {
    if (!(ref instanceof CardKey key) || key.owner() != this) {
      throw new IllegalArgumentException(ref.name() + " belongs to another custody");
    }
    if (key.incarnation() != incarnation) {
      throw new CustodyException(CustodyFault.TOKEN_GONE, ref.name() + " is of an earlier session");
    }
    if (!live().index().find(ref.name()).filter(key::equals).isPresent()) {
      throw new CustodyException(CustodyFault.NO_KEY, "no key " + ref.name());
    }
    return key;
  }
}
