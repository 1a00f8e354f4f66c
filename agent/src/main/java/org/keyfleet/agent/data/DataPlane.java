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

  private final NumbersBook numbers;
  private boolean sendingHeld;

  public DataPlane(CounterReserve reserve) {
    this.reserve = reserve;
    this.numbers = new NumbersBook(reserve);
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
    SaNumbers used = numbers.take(install, keyingMaterial);
    EspKeys keys = EspKeys.of(EspKeys.cipher(install.policy()).orElseThrow(), keyingMaterial);
    EspSa replaced = sas.remove(install.policy().id().spi());
    if (replaced != null) {
      replaced.close();
    }
    sas.put(install.policy().id().spi(), new EspSa(install, keys, used, sendingHeld));
  }

  /** What an SA takes over from an earlier one of the same SPI and key. */
  public record TakenOver(long firstFreeCounter, List<ReplayMark> received) {}

  /** What {@link #install} will go on from; the key stays the caller's. */
  public TakenOver takenOver(DataSaPolicy policy, Optional<SenderRole> sender, SecretBytes key) {
    return numbers.takenOver(policy.id().spi(), sender, key);
  }

  /**
   * Sends nothing over SAs that are installed from now on: they come from a journal, or from rekeys
   * that follow it, and the journal may be an old copy that does not know the latest counters.
   */
  public void holdSending() {
    sendingHeld = true;
  }

  /** A registration has brought a Sender-ID that nothing was sent under. */
  public void allowSending() {
    sendingHeld = false;
  }

  /** Whether we would send, but must register first. */
  public boolean sendingHeld() {
    for (EspSa sa : sas.values()) {
      if (sa.heldBack() && !sa.retiring()) {
        return true;
      }
    }
    return false;
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

  /** Wipes the keys whose time is over, and writes the replay marks that are due. */
  public void expire(long nowNanos) {
    writeMarks(nowNanos);
    Iterator<EspSa> all = sas.values().iterator();
    while (all.hasNext()) {
      EspSa sa = all.next();
      if (nowNanos >= sa.endNanos()) {
        sa.close();
        all.remove();
      }
    }
    numbers.expire(nowNanos);
  }

  private void writeMarks(long nowNanos) {
    for (EspSa sa : sas.values()) {
      writeMarks(sa.numbers(), nowNanos);
    }
  }

  private void writeMarks(SaNumbers of, long nowNanos) {
    if (nowNanos < of.marks().dueNanos()) {
      return;
    }
    List<ReplayMark> marks = of.marks().ahead(nowNanos);
    try {
      reserve.received(of.spi(), marks);
      of.marks().written(marks, nowNanos);
    } catch (IOException e) {
      // receiving goes on without the token or the disk
      of.marks().postpone(nowNanos);
    }
  }

  /** Writes how far every sender got, before an orderly end: a restart then loses no packet. */
  public void writeLastMarks() {
    for (EspSa sa : sas.values()) {
      try {
        reserve.received(sa.spi(), sa.numbers().marks().exact());
      } catch (IOException e) {
        // the marks before stand further ahead, which is safe
        return;
      }
    }
  }

  /** When {@link #expire} has something to do next. */
  public long nextEndNanos() {
    long next = NEVER;
    for (EspSa sa : sas.values()) {
      next = Math.min(next, Math.min(sa.endNanos(), sa.numbers().marks().dueNanos()));
    }
    return next;
  }

  /** The packet that protects an application's datagram, and where it goes. */
  public record Outbound(Bytes packet, Bytes address) {}

  /**
   * Seals a datagram with the current SA.
   *
   * @param sourceAddress ours, for tunnel mode
   * @return empty when there is no SA to send with, it does not fit into a packet, or the SA's
   *     counters cannot be made durable
   */
  public Optional<Outbound> seal(
      Bytes payload, int sourcePort, Bytes sourceAddress, long nowNanos) {
    EspSa sa = sendingSa(nowNanos);
    if (sa == null || !sa.fits(payload)) {
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
      Optional<InnerDatagram> opened = sa.open(packet, nowNanos);
      writeMarks(sa.numbers(), nowNanos);
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
      List<ReplayMark> received,
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
              sa.numbers().marks().all(),
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

  /** Wipes every key; the numbers used with them are kept, since the same keys may come again. */
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
