package org.keyfleet.hsm.smartcard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.keyfleet.applet.testkit.SignedMessage;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.SubsetKeys;
import org.keyfleet.hsm.testkit.Wrapping;
import org.keyfleet.protocol.keytree.HeapTree;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.Subset;
import org.keyfleet.protocol.keytree.SubsetLabels;
import org.keyfleet.protocol.keytree.SubsetRank;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.SoftSigner;

/** A card that never registers: everything it needs comes from its issuer, before it ships. */
final class CardIssuerTest {
  private static final String PIN = "4711-abc";
  private static final String PUK = "87654321";
  private static final Bytes SPI = Bytes.fromHex("000102030405060708090a0b0c0d0e0f");
  private static final Bytes NEXT_SPI = Bytes.fromHex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
  private static final Bytes RELEASER = key(11);
  private static final int HEIGHT = 26;
  private static final LeafIndex LEAF = new LeafIndex(40_000_000);
  private static final HeapTree TREE = new HeapTree(HEIGHT);

  private final Bytes issuerKey = key(7);
  private final SoftSigner gcks = SignedMessage.gcks();
  private final CustodyConfig.Card card =
      new CustodyConfig.Card(SimulatedReader.withCardOfIssuer(issuerKey.toArray()), true);

  @Test
  void deviceJoinsByListening() throws Exception {
    List<Bytes> messages = personalisation();
    CardAdmin.personalise(card, messages);
    assertEquals(messages.size(), CardAdmin.lastIssuerNumber(card));
    try (KeyCustody custody = CustodyFactory.of(card, new SecureRandom())) {
      custody.open(PIN.toCharArray());
      assertTrue(custody.find(KeyName.of("spare")).isPresent());
      // everybody but the neighbour: the releaser comes under the key of S(1, neighbour)
      Subset subset = new Subset(1, TREE.node(LEAF) ^ 1);
      Bytes saKey = Wrapping.wrap(RELEASER, key(20));
      assertEquals(CustodyFault.POLICY, fault(() -> released(custody, subset, saKey)));
      Bytes message = new SignedMessage(SPI, 17).bring(NEXT_SPI, saKey).octets();
      custody.rekeyGate().orElseThrow().admit(message, SignedMessage.sign(gcks, message), saKey);
      assertEquals(key(20), released(custody, subset, saKey));
      custody.rekeyGate().orElseThrow().confirm();
      assertEquals(key(20), released(custody, subset, saKey));
      Subset withoutUs = new Subset(1, TREE.node(LEAF) >>> 3);
      assertEquals(CustodyFault.NO_KEY, fault(() -> released(custody, withoutUs, saKey)));
    }
  }

  @Test
  void hostBeginsNothingOnACardOfItsIssuer() throws Exception {
    CardAdmin.personalise(card, personalisation());
    Bytes point = SignedMessage.point(gcks);
    Optional<Bytes> none = Optional.empty();
    assertEquals(
        CustodyFault.POLICY,
        fault(() -> CardAdmin.demandSignedRekeys(card, PIN.toCharArray(), none)));
    try (KeyCustody custody = CustodyFactory.of(card, new SecureRandom())) {
      custody.open(PIN.toCharArray());
      assertEquals(
          CustodyFault.POLICY,
          fault(() -> custody.rekeyGate().orElseThrow().start(NEXT_SPI, 0, point, key(1))));
      try (SecretBytes key = SecretBytes.takeFrom(key(1).toArray())) {
        KeyName name = KeyName.of("root");
        assertEquals(
            CustodyFault.POLICY,
            fault(() -> custody.importRoot(name, key, KeyRole.RELEASER, KeyLifetime.PERSISTENT)));
      }
    }
  }

  @Test
  void messageOfAnotherCardOrOfBeforeIsRefusedByItsNumber() throws Exception {
    List<Bytes> messages = personalisation();
    CardAdmin.personalise(card, messages);
    CustodyException again =
        assertThrows(
            CustodyException.class, () -> CardAdmin.personalise(card, messages.subList(3, 5)));
    assertEquals(CustodyFault.POLICY, again.fault());
    assertTrue(String.valueOf(again.getMessage()).contains("message 1 of 2"), again.getMessage());
    try (SecretBytes other = SecretBytes.takeFrom(key(8).toArray());
        CardIssuer foreign = new CardIssuer(other, 1000)) {
      assertEquals(
          CustodyFault.BAD_WRAP, fault(() -> CardAdmin.personalise(card, List.of(foreign.wipe()))));
    }
    try (CardIssuer issuer = issuer(messages.size() + 1L)) {
      CardAdmin.personalise(card, List.of(issuer.wipe()));
    }
    try (KeyCustody custody = CustodyFactory.of(card, new SecureRandom())) {
      assertEquals(CustodyFault.PIN, fault(() -> custody.open(PIN.toCharArray())));
    }
  }

  private CardIssuer issuer(long number) {
    try (SecretBytes key = SecretBytes.takeFrom(issuerKey.toArray())) {
      return new CardIssuer(key, number);
    }
  }

  private List<Bytes> personalisation() throws CustodyException {
    List<Bytes> messages = new ArrayList<>();
    List<SecretBytes> labels = labels();
    try (CardIssuer issuer = issuer(1);
        SecretBytes spare = SecretBytes.takeFrom(key(5).toArray())) {
      Bytes point = SignedMessage.point(gcks);
      messages.add(issuer.initialise(PIN.toCharArray(), PUK.toCharArray()));
      messages.add(issuer.putKey(3, KeyName.of("spare"), KeyRole.KEK_PARENT, spare));
      messages.add(issuer.demand(CardDemand.ISSUED_START, Optional.of(point)));
      messages.add(issuer.start(SPI, 17, point, key(30)));
      messages.addAll(issuer.labels(HEIGHT, LEAF.position(), KeyRole.KEK_PARENT, labels));
      messages.add(issuer.seal());
      assertEquals(messages.size() + 1L, issuer.nextNumber());
    } finally {
      labels.forEach(SecretBytes::close);
    }
    return messages;
  }

  private static List<SecretBytes> labels() {
    List<SecretBytes> labels = new ArrayList<>();
    for (Subset held : SubsetLabels.held(TREE, LEAF)) {
      labels.add(label(held));
    }
    return labels;
  }

  private static SecretBytes label(Subset subset) {
    SecretBytes label = SecretBytes.takeFrom(key(100 + subset.i()).toArray());
    if (subset.j() == 0) {
      return label;
    }
    int depth = HeapTree.depth(subset.j()) - HeapTree.depth(subset.i());
    for (int below = depth - 1; below >= 0; below--) {
      boolean right = (subset.j() >>> below & 1) == 1;
      label = next(label, right ? SubsetKeys.RIGHT : SubsetKeys.LEFT);
    }
    return label;
  }

  private static SecretBytes next(SecretBytes label, Bytes which) {
    try (label) {
      return SubsetKeys.step(label, which);
    }
  }

  private static Bytes released(KeyCustody custody, Subset subset, Bytes saKey)
      throws CustodyException {
    KeyRef key =
        custody
            .subsetKeys()
            .orElseThrow()
            .subsetKey(SubsetRank.of(TREE, subset), KeyName.of("subset"), KeyRole.KEK_PARENT);
    Bytes wrapped;
    try (SecretBytes host = next(label(subset), SubsetKeys.KEY)) {
      wrapped = host.use(octets -> Wrapping.wrap(Bytes.copyOf(octets), RELEASER));
    }
    KeyRef releaser =
        custody.unwrap(key, wrapped, KeyName.of("releaser"), KeyRole.RELEASER, KeyLifetime.SESSION);
    custody.destroy(key);
    try (SecretBytes released = custody.release(releaser, saKey)) {
      return released.use(Bytes::copyOf);
    } finally {
      custody.destroy(releaser);
    }
  }

  private interface Call {
    void run() throws CustodyException;
  }

  private static CustodyFault fault(Call call) {
    return assertThrows(CustodyException.class, call::run).fault();
  }

  private static Bytes key(int seed) {
    byte[] key = new byte[32];
    new Random(seed).nextBytes(key);
    return Bytes.copyOf(key);
  }
}
