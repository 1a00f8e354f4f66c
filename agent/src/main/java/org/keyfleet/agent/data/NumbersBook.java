package org.keyfleet.agent.data;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/** The numbers of every key that this process has used and that may come again. */
final class NumbersBook {
  /** Ours: more than a group has data SAs in one lifetime of theirs. */
  private static final int MAX_KEYS = 256;

  private final CounterReserve reserve;

  /** By SPI and digest of the key: a key that is gone is still known when it comes again. */
  private final Map<Bytes, SaNumbers> numbers = new LinkedHashMap<>();

  /** Nothing ends before. */
  private long nextEndNanos = Long.MAX_VALUE;

  NumbersBook(CounterReserve reserve) {
    this.reserve = reserve;
  }

  /** The numbers of an SA to be installed, new ones or those of before. */
  SaNumbers take(DataSaInstall install, SecretBytes key) {
    Bytes name = name(install.policy().id().spi(), key);
    SaNumbers used = numbers.remove(name);
    if (used == null) {
      used = new SaNumbers(install.spi(), install.policy().sequenceNumbers(), reserve);
      used.restore(install.received());
    }
    numbers.put(name, used);
    if (numbers.size() > MAX_KEYS) {
      numbers.remove(numbers.keySet().iterator().next());
    }
    used.keepUntil(install.expiresNanos());
    nextEndNanos = Math.min(nextEndNanos, used.untilNanos());
    return used;
  }

  /** What {@link #take} will give. */
  DataPlane.TakenOver takenOver(Bytes spi, Optional<SenderRole> sender, SecretBytes key) {
    SaNumbers used = numbers.get(name(spi, key));
    if (used == null) {
      return new DataPlane.TakenOver(1, List.of());
    }
    return new DataPlane.TakenOver(sender.map(used::firstFree).orElse(1L), used.marks().all());
  }

  /** Forgets keys whose lifetime is over. */
  void expire(long nowNanos) {
    if (nowNanos < nextEndNanos) {
      return;
    }
    nextEndNanos = Long.MAX_VALUE;
    Iterator<SaNumbers> all = numbers.values().iterator();
    while (all.hasNext()) {
      long until = all.next().untilNanos();
      if (nowNanos >= until) {
        all.remove();
      } else {
        nextEndNanos = Math.min(nextEndNanos, until);
      }
    }
  }

  private static Bytes name(Bytes spi, SecretBytes key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(Bytes.ofUtf8("keyfleet data key").toArray());
      key.run(digest::update);
      return Bytes.concat(spi, Bytes.copyOf(digest.digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
