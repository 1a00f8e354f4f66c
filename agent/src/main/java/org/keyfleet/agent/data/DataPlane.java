package org.keyfleet.agent.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keyfleet.protocol.gikev2.DataSaPolicy;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.NotAuthenticException;

/**
 * The Data-Security SAs of one group. Receiving, every SA counts from its installation to its end;
 * sending, the newest one whose activation delay is over. Owned by one thread; times are
 * nanoseconds of the agent's clock.
 */
public final class DataPlane implements AutoCloseable {
  /** A time that does not come. */
  public static final long NEVER = EspSa.NEVER;

  private final CounterReserve reserve;
  private final DataCounters counters = new DataCounters();

  /** By SPI, in the order of installation. */
  private final Map<Bytes, EspSa> sas = new LinkedHashMap<>();

  public DataPlane(CounterReserve reserve) {
    this.reserve = reserve;
  }

  /** Whether this data plane can do a policy at all. */
  public static boolean supports(DataSaPolicy policy) {
    return EspKeys.cipher(policy).isPresent();
  }

  /** How much keying material a policy takes, in octets; of a supported policy. */
  public static int keyOctets(DataSaPolicy policy) {
    return EspKeys.cipher(policy).orElseThrow().encryptionKeyOctets();
  }

  /**
   * Installs an SA in place of an earlier one of the same SPI; takes ownership of {@code
   * keyingMaterial}.
   *
   * @throws IllegalArgumentException for a policy that is not supported, or another key length
   */
  public void install(DataSaInstall install, SecretBytes keyingMaterial) {
    if (keyingMaterial.size() != keyOctets(install.policy())) {
      keyingMaterial.close();
      throw new IllegalArgumentException(install.policy().id() + ": keying material");
    }
    EspKeys keys = EspKeys.of(EspKeys.cipher(install.policy()).orElseThrow(), keyingMaterial);
    EspSa replaced = sas.remove(install.policy().id().spi());
    EspSa fresh = new EspSa(install, keys, reserve);
    if (replaced != null) {
      // a second registration brings the same SA again: what was received stays received
      fresh.keepReplayState(replaced);
      replaced.close();
    }
    sas.put(install.policy().id().spi(), fresh);
  }

  /** RFC 9838 section 2.4.1.4: a deleted SA goes "after waiting" DTD. */
  public void retire(Bytes spi, long atNanos) {
    EspSa sa = sas.get(spi);
    if (sa != null) {
      sa.retireAt(atNanos);
    }
  }

  public void retireAll(long atNanos) {
    for (EspSa sa : sas.values()) {
      sa.retireAt(atNanos);
    }
  }

  /** Wipes the keys whose time is over. */
  public void expire(long nowNanos) {
    Iterator<EspSa> all = sas.values().iterator();
    while (all.hasNext()) {
      EspSa sa = all.next();
      if (nowNanos >= sa.endNanos()) {
        sa.close();
        all.remove();
      }
    }
  }

  /** When {@link #expire} has something to do next. */
  public long nextEndNanos() {
    long next = NEVER;
    for (EspSa sa : sas.values()) {
      next = Math.min(next, sa.endNanos());
    }
    return next;
  }

  /** The packet that protects an application's datagram, and where it goes. */
  public record Outbound(Bytes packet, Bytes address) {}

  /**
   * Seals a datagram with the current SA.
   *
   * @param sourceAddress ours, for tunnel mode
   * @return empty when there is no SA to send with, or its counters cannot be made durable
   */
  public Optional<Outbound> seal(
      Bytes payload, int sourcePort, Bytes sourceAddress, long nowNanos) {
    EspSa sa = sendingSa(nowNanos);
    if (sa == null) {
      counters.countNotSent();
      return Optional.empty();
    }
    try {
      Bytes packet = sa.seal(payload, sourcePort, sourceAddress);
      counters.countSealed();
      return Optional.of(new Outbound(packet, sa.policy().destination().start()));
    } catch (IOException e) {
      counters.countNotSent();
      return Optional.empty();
    }
  }

  /** The address that the newest SA's packets go to. */
  public Optional<Bytes> destination() {
    Optional<Bytes> address = Optional.empty();
    for (EspSa sa : sas.values()) {
      address = Optional.of(sa.policy().destination().start());
    }
    return address;
  }

  /** Opens a packet from the network. */
  public DataArrival open(Bytes datagram, long nowNanos) {
    try {
      EspPacket packet = EspPacket.decode(datagram);
      EspSa sa = sas.get(datagram.slice(0, 4));
      if (sa == null || nowNanos >= sa.endNanos()) {
        counters.countUnknownSpi();
        return new DataArrival.UnknownSpi(datagram.slice(0, 4));
      }
      Optional<InnerDatagram> opened = sa.open(packet);
      if (opened.isPresent()) {
        counters.countOpened();
        return new DataArrival.Deliver(opened.get().payload());
      }
      counters.countReplayed();
    } catch (NotAuthenticException e) {
      counters.countNotAuthentic();
    } catch (MalformedMessageException e) {
      counters.countMalformed();
    }
    return new DataArrival.Dropped();
  }

  /** Whether a sender's numbers are used up: it registers anew for other keys. */
  public boolean exhausted() {
    for (EspSa sa : sas.values()) {
      if (sa.isSender() && sa.exhausted() && !sa.retiring()) {
        return true;
      }
    }
    return false;
  }

  public DataCounters counters() {
    return counters;
  }

  /** One SA for the journal and for {@code status}. */
  public record Entry(
      DataSaPolicy policy,
      boolean tunnel,
      boolean sender,
      boolean retiring,
      long firstFreeCounter,
      long sinceNanos,
      long endNanos,
      long packetsIn,
      long packetsOut) {}

  /** Every SA, the oldest first. */
  public List<Entry> entries() {
    List<Entry> entries = new ArrayList<>(sas.size());
    for (EspSa sa : sas.values()) {
      entries.add(
          new Entry(
              sa.policy(),
              sa.tunnel(),
              sa.isSender(),
              sa.retiring(),
              sa.firstFreeCounter(),
              sa.sinceNanos(),
              sa.endNanos(),
              sa.packetsIn(),
              sa.packetsOut()));
    }
    return entries;
  }

  /** A copy of an installed SA's key, which the caller wraps and closes. */
  public SecretBytes copyKey(Bytes spi) {
    EspSa sa = sas.get(spi);
    if (sa == null) {
      throw new IllegalArgumentException("no data SA " + spi);
    }
    return sa.copyKey();
  }

  /** Wipes every key. */
  @Override
  public void close() {
    for (EspSa sa : sas.values()) {
      sa.close();
    }
    sas.clear();
  }

  /**
   * The newest SA that is active. One that is being deleted is used only while its replacement
   * waits for ATD: "active members ... should stop sending traffic over these old SAs once new
   * replacement SAs are activated" (RFC 9838 section 4.4.3.1.1).
   */
  private @Nullable EspSa sendingSa(long nowNanos) {
    EspSa newest = null;
    EspSa retiring = null;
    boolean replacementWaits = false;
    for (EspSa sa : sas.values()) {
      if (sa.canSend(nowNanos) && sa.retiring()) {
        retiring = sa;
      } else if (sa.canSend(nowNanos)) {
        newest = sa;
      } else if (sa.isSender() && nowNanos < sa.sendFromNanos()) {
        replacementWaits = true;
      }
    }
    return newest == null && replacementWaits ? retiring : newest;
  }
}
