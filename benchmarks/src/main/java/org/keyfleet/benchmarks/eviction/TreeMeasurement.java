package org.keyfleet.benchmarks.eviction;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.keyfleet.benchmarks.Bench;
import org.keyfleet.gcks.group.FullGroup;
import org.keyfleet.gcks.policy.SignatureKey;
import org.keyfleet.gcks.store.RekeyMessageRow;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.MembershipChange;
import org.keyfleet.protocol.keytree.TreeShape;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.SignatureScheme;
import org.keyfleet.protocol.suite.SigningException;
import org.keyfleet.protocol.suite.SoftSigner;

/** Evicts from a full group of one method, with the server's own planner and writer. */
final class TreeMeasurement {
  private static final KeyWrap WRAP = KeyWrap.KW_5649_128;
  private static final int BATCH = 1000;

  /** The second message of an eviction has one wrap: the data SA's key. */
  private static final int DATA_WRAPS = 1;

  private final SignatureKey signatureKey;
  private final KeyCustody custody;
  private final Path directory;
  private final Random random;
  private final int rounds;

  TreeMeasurement(
      SignatureKey signatureKey, KeyCustody custody, Path directory, Random random, int rounds) {
    this.signatureKey = signatureKey;
    this.custody = custody;
    this.directory = directory;
    this.random = random;
    this.rounds = rounds;
  }

  TreeRow measure(Method method, int members)
      throws IOException, StoreException, CustodyException, SigningException {
    TreeShape shape = method.shape(members);
    long before = usedHeap();
    try (FullGroup group =
        FullGroup.of(method.gkma(), shape, WRAP, signatureKey, custody, directory)) {
      double heap = (double) (usedHeap() - before) / shape.leaves();
      RekeyMessageRow message = evict(group, shape).get(0);
      double[] micros = new double[rounds];
      for (int round = -rounds; round < rounds; round++) {
        long start = System.nanoTime();
        evict(group, shape);
        micros[Math.max(0, round)] = (System.nanoTime() - start) / 1e3;
      }
      return new TreeRow(
          method.name(),
          shape.leaves(),
          message.wraps(),
          message.octets(),
          Bench.median(micros),
          floor(message.wraps() + DATA_WRAPS, message.octets()),
          batch(method, shape),
          heap);
    }
  }

  private List<RekeyMessageRow> evict(FullGroup group, TreeShape shape)
      throws StoreException, CustodyException, SigningException {
    return group.evict(Set.of(new LeafIndex(random.nextInt(shape.leaves()))));
  }

  /** The wraps and the two signatures of an eviction, and nothing else. */
  private double floor(int wraps, int octets) throws SigningException {
    SecureRandom secure = new SecureRandom();
    SoftSigner signer =
        SoftSigner.generate(signatureKey.ownScheme().orElse(SignatureScheme.ED25519), secure);
    Bytes message = Bytes.copyOf("x".repeat(octets).getBytes(StandardCharsets.US_ASCII));
    double[] micros = new double[rounds];
    try (SecretBytes kek = SecretBytes.random(secure, WRAP.keyOctets());
        SecretBytes key = SecretBytes.random(secure, WRAP.keyOctets())) {
      for (int round = -rounds; round < rounds; round++) {
        long start = System.nanoTime();
        for (int i = 0; i < wraps; i++) {
          WRAP.wrap(kek, key);
        }
        signer.sign(message);
        signer.sign(message);
        micros[Math.max(0, round)] = (System.nanoTime() - start) / 1e3;
      }
    }
    return Bench.median(micros);
  }

  private int batch(Method method, TreeShape shape) {
    if (shape.leaves() <= BATCH) {
      return -1;
    }
    Set<LeafIndex> evicted = new HashSet<>();
    while (evicted.size() < BATCH) {
      evicted.add(new LeafIndex(random.nextInt(shape.leaves())));
    }
    return method.wraps(Method.everybody(shape), new MembershipChange(evicted, Set.of(), true));
  }

  private static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
