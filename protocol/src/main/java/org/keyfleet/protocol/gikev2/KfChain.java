package org.keyfleet.protocol.gikev2;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * KF_CHAIN: keys that need no wrap, because whoever has the key below computes them (one-way
 * function chains). A private-use attribute of the member key bag of a GSA_REKEY, in groups whose
 * {@link KfGkma} names OFC.
 *
 * <pre>
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                         From: a Key ID                        |  for each chain
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                         First: a Key ID                       |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |             Count             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>The key First is derived from the key From, and each of the Count - 1 Key IDs that follow
 * First from the one before. The derived key is AES-ECB(parent, SHA-256({@link #label})).
 */
public final class KfChain {
  // Ours: a batch has some ten thousand renewed nodes, a tree 2^24 leaves at most
  private static final int MAX_CHAINS = 4096;
  private static final int CHAIN_OCTETS = 10;
  private static final int MAX_COUNT = 64; // no tree is higher
  private static final Bytes LABEL = Bytes.ofUtf8("keyfleet chain 1");

  /** No chain. */
  public static final KfChain NONE = new KfChain(new TreeMap<>());

  private final NavigableMap<Long, Chain> byFirst;

  private record Chain(long from, long first, int count) {}

  private KfChain(NavigableMap<Long, Chain> byFirst) {
    this.byFirst = byFirst;
  }

  /**
   * Chains of single derivations, in the order in which the keys got their Key IDs.
   *
   * @param derivations pairs of Key IDs: from, to
   */
  public static KfChain of(List<Map.Entry<Long, Long>> derivations) {
    TreeMap<Long, Chain> chains = new TreeMap<>();
    for (Map.Entry<Long, Long> derivation : derivations) {
      long from = derivation.getKey();
      long to = derivation.getValue();
      Map.Entry<Long, Chain> last = chains.lastEntry();
      if (last != null && goesOn(last.getValue(), from, to)) {
        Chain chain = last.getValue();
        chains.put(chain.first, new Chain(chain.from, chain.first, chain.count + 1));
      } else if (chains.put(to, new Chain(from, to, 1)) != null) {
        throw new IllegalArgumentException("key " + to + " is derived twice");
      }
    }
    return new KfChain(chains);
  }

  private static boolean goesOn(Chain chain, long from, long to) {
    long end = chain.first + chain.count - 1;
    return from == end && to == end + 1 && chain.count < MAX_COUNT;
  }

  /**
   * Finds the attribute in a member key bag; {@link #NONE} when it is not there. Call it only in a
   * group whose {@link KfGkma} names OFC.
   */
  public static KfChain find(MemberKeyBag bag) throws MalformedMessageException {
    List<Attribute> found =
        bag.others().stream()
            .filter(attribute -> attribute.type() == KeyfleetExtensions.KF_CHAIN)
            .toList();
    if (found.isEmpty()) {
      return NONE;
    }
    if (found.size() > 1) {
      throw new MalformedMessageException("KF_CHAIN: twice");
    }
    return decode(found.get(0).tlvValue("KF_CHAIN"));
  }

  private static KfChain decode(Bytes value) throws MalformedMessageException {
    if (value.size() % CHAIN_OCTETS != 0 || value.size() > MAX_CHAINS * CHAIN_OCTETS) {
      throw new MalformedMessageException("KF_CHAIN: " + value.size() + " octets");
    }
    ByteReader in = value.reader();
    TreeMap<Long, Chain> chains = new TreeMap<>();
    long end = 0;
    while (in.hasRemaining()) {
      Chain chain = new Chain(in.u32("From"), in.u32("First"), in.u16("Count"));
      // ascending and apart: a key has one origin; From is older than First: no loops
      if (chain.from == 0
          || chain.count == 0
          || chain.count > MAX_COUNT
          || chain.first <= end
          || chain.from >= chain.first) {
        throw new MalformedMessageException("KF_CHAIN: " + chain.from + " to " + chain.first);
      }
      end = chain.first + chain.count - 1;
      if (end > 0xffff_ffffL) {
        throw new MalformedMessageException("KF_CHAIN: beyond the last Key ID");
      }
      chains.put(chain.first, chain);
    }
    return new KfChain(chains);
  }

  public boolean isEmpty() {
    return byFirst.isEmpty();
  }

  /** The Key ID of the key that {@code keyId} is derived from; empty when it is in no chain. */
  public OptionalLong from(long keyId) {
    Map.Entry<Long, Chain> entry = byFirst.floorEntry(keyId);
    if (entry == null || keyId >= entry.getValue().first + entry.getValue().count) {
      return OptionalLong.empty();
    }
    Chain chain = entry.getValue();
    return OptionalLong.of(keyId == chain.first ? chain.from : keyId - 1);
  }

  /** What the derivation of the key {@code keyId} is for: its label. */
  public static Bytes label(long keyId) {
    return new ByteWriter().bytes(LABEL).u32(keyId).toBytes();
  }

  /** The attribute to add to the member key bag. */
  public Attribute toAttribute() {
    ByteWriter out = new ByteWriter();
    byFirst.values().forEach(chain -> out.u32(chain.from).u32(chain.first).u16(chain.count));
    return Attribute.tlv(KeyfleetExtensions.KF_CHAIN, out.toBytes());
  }

  /** {@code 5->6..9} for each chain. */
  @Override
  public String toString() {
    List<String> texts = new ArrayList<>();
    for (Chain chain : byFirst.values()) {
      texts.add(chain.from + "->" + chain.first + ".." + (chain.first + chain.count - 1));
    }
    return String.join(" ", texts);
  }
}
