package org.keyfleet.hsm.smartcard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.SubsetKeys;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;

/**
 * Writes the messages by which an issuer personalises one card: each wrapped under the card's key
 * and numbered, so that it is secret, whole, for this card, and works once. They need no card when
 * they are written, and go to it in their order by {@link CardAdmin#personalise}, through any host.
 *
 * <pre>
 *   try (CardIssuer issuer = new CardIssuer(key, 1)) {
 *     messages.add(issuer.initialise(pin, puk));
 *     messages.add(issuer.putKey(0, rootName, KeyRole.KEK_PARENT, root));
 *     messages.add(issuer.demand(CardDemand.SIGNED_REKEYS, Optional.of(gcksPoint)));
 *     messages.addAll(issuer.labels(height, leaf, KeyRole.KEK_PARENT, labels));
 *     messages.add(issuer.seal());
 *   }
 * </pre>
 */
public final class CardIssuer implements AutoCloseable {
  /** Octets of an issuer's key, the application data when the applet is installed. */
  public static final int KEY_OCTETS = 32;

  private static final int INITIALISE = 1;
  private static final int PUT_KEY = 2;
  private static final int SEAL = 3;
  private static final int WIPE = 4;
  private static final int DEMAND = 5;
  private static final int START = 6;
  private static final int LABELS = 7;
  private static final int MORE_LABELS = 8;

  /** What fits a message of 256 octets before it is wrapped. */
  private static final int LABELS_IN_MESSAGE = 7;

  private static final int PERSISTENT_SLOTS = 16;

  private final SecretBytes key;
  private long number;

  /**
   * Copies the key.
   *
   * @param issuerKey of the one card, {@link #KEY_OCTETS}
   * @param firstNumber larger than that of any message that the card has had; {@link
   *     CardAdmin#lastIssuerNumber} tells
   */
  public CardIssuer(SecretBytes issuerKey, long firstNumber) {
    if (issuerKey.size() != KEY_OCTETS) {
      throw new IllegalArgumentException("issuer's key of " + issuerKey.size() + " octets");
    }
    this.key = issuerKey.copy();
    this.number = firstNumber;
  }

  /** The number of the next message: keep it with the card's record. */
  public long nextNumber() {
    return number;
  }

  /**
   * Gives a blank card its PIN and PUK.
   *
   * @throws CustodyException PIN if one of them has no length that the card takes
   */
  public Bytes initialise(char[] pin, char[] puk) throws CustodyException {
    return message(INITIALISE, CardPin.both(pin, puk));
  }

  /**
   * Puts a persistent key into an empty slot.
   *
   * @param slot 0 to 15
   * @param secret stays the caller's
   */
  public Bytes putKey(int slot, KeyName name, KeyRole role, SecretBytes secret) {
    if (slot < 0 || slot >= PERSISTENT_SLOTS || role == KeyRole.IDENTITY) {
      throw new IllegalArgumentException(role + " for slot " + slot);
    }
    Bytes encoded = CardName.encode(name);
    byte[] rest = new byte[3 + secret.size() + encoded.size()];
    rest[0] = (byte) slot;
    rest[1] = (byte) CardRole.octet(role);
    rest[2] = (byte) secret.size();
    secret.run(octets -> System.arraycopy(octets, 0, rest, 3, octets.length));
    encoded.copyTo(rest, 3 + secret.size());
    return message(PUT_KEY, rest);
  }

  /** From now on the card takes persistent keys and labels from the issuer only. */
  public Bytes seal() {
    return message(SEAL, new byte[0]);
  }

  /** Destroys every key, and makes the card blank again. */
  public Bytes wipe() {
    return message(WIPE, new byte[0]);
  }

  /**
   * Says what the card asks before it releases keys, and whose signature counts. Replaces both, and
   * also lowers a demand.
   *
   * @param gcksPoint the GCKS's rekey key on P-256, uncompressed, 65 octets; empty to leave it
   */
  public Bytes demand(CardDemand demand, Optional<Bytes> gcksPoint) {
    Bytes point = gcksPoint.orElse(Bytes.EMPTY);
    if (!point.isEmpty() && point.size() != CardIdentities.POINT_OCTETS) {
      throw new IllegalArgumentException("point of " + point.size() + " octets");
    }
    return message(DEMAND, Bytes.concat(Bytes.of(demand.octet()), point).toArray());
  }

  /**
   * Sets the card at a Rekey SA, in place of a registration: see {@link
   * org.keyfleet.hsm.RekeyGate#start}.
   */
  public Bytes start(Bytes spi, long nextMessageId, Bytes gcksPoint, Bytes saKey) {
    return message(START, CardGate.startData(spi, nextMessageId, gcksPoint, saKey).toArray());
  }

  /**
   * Gives a member's labels of subset difference, in place of earlier ones: some 50 messages for a
   * tree of height 26.
   *
   * @param height of the tree, 1 to 26
   * @param leaf the member's, from 0
   * @param role KEK_PARENT, or RELEASER in a group whose subset keys wrap keys for the host
   * @param labels in the order of {@code SubsetLabels.held}, {@link SubsetKeys#OCTETS} each; stay
   *     the caller's
   */
  public List<Bytes> labels(int height, long leaf, KeyRole role, List<SecretBytes> labels) {
    if (labels.size() != height * (height + 1) / 2 + 1
        || labels.stream().anyMatch(label -> label.size() != SubsetKeys.OCTETS)) {
      throw new IllegalArgumentException(labels.size() + " labels for height " + height);
    }
    List<Bytes> messages = new ArrayList<>();
    ByteWriter header = new ByteWriter().u8(height).u8(CardRole.octet(role)).u32(leaf);
    messages.add(message(LABELS, header.toBytes().toArray()));
    for (int from = 0; from < labels.size(); from += LABELS_IN_MESSAGE) {
      int to = Math.min(from + LABELS_IN_MESSAGE, labels.size());
      messages.add(message(MORE_LABELS, labelPart(from, labels.subList(from, to))));
    }
    return List.copyOf(messages);
  }

  /** Number of the first label | labels. */
  private static byte[] labelPart(int from, List<SecretBytes> labels) {
    byte[] part = new byte[2 + labels.size() * SubsetKeys.OCTETS];
    part[0] = (byte) (from >> 8);
    part[1] = (byte) from;
    for (int i = 0; i < labels.size(); i++) {
      int at = 2 + i * SubsetKeys.OCTETS;
      labels.get(i).run(octets -> System.arraycopy(octets, 0, part, at, octets.length));
    }
    return part;
  }

  /** Number | operation | rest, wrapped; wipes {@code rest}. */
  private Bytes message(int operation, byte[] rest) {
    byte[] plain = new byte[5 + rest.length];
    new ByteWriter().u32(number).u8(operation).toBytes().copyTo(plain, 0);
    System.arraycopy(rest, 0, plain, 5, rest.length);
    Arrays.fill(rest, (byte) 0);
    number++;
    try (SecretBytes content = SecretBytes.takeFrom(plain)) {
      return KeyWrap.KW_5649_256.wrap(key, content);
    }
  }

  @Override
  public void close() {
    key.close();
  }
}
