package org.keyfleet.gcks.group;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.keyfleet.gcks.policy.DataSaSettings;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.policy.MulticastTarget;
import org.keyfleet.gcks.policy.SaSuite;
import org.keyfleet.gcks.store.DataSaRow;
import org.keyfleet.gcks.store.RekeySaRow;
import org.keyfleet.protocol.gikev2.CipherSuite;
import org.keyfleet.protocol.gikev2.DataSaPolicy;
import org.keyfleet.protocol.gikev2.GroupSaId;
import org.keyfleet.protocol.gikev2.GroupWidePolicy;
import org.keyfleet.protocol.gikev2.RekeyAuthentication;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.gikev2.SaAttributes;
import org.keyfleet.protocol.gikev2.SequenceNumbers;
import org.keyfleet.protocol.ike.TrafficSelector;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.SignatureScheme;

/** The policies of a group as they go into a GSA payload (RFC 9838 section 4.4). */
final class GroupPolicies {
  private static final int ANY_PROTOCOL = 0;
  private static final int UDP = 17;
  private static final int MAX_PORT = 0xffff;

  private final GroupSettings settings;
  private final Optional<SignatureScheme> scheme;

  /**
   * @param scheme of the rekey messages' signatures; empty with implicit authentication
   */
  GroupPolicies(GroupSettings settings, Optional<SignatureScheme> scheme) {
    this.settings = settings;
    this.scheme = scheme;
  }

  /** The Rekey SA as a GSA_REKEY announces it: no GCAUTH, Message IDs start at 0. */
  RekeySaPolicy announced(RekeySaRow sa, long nowMillis) {
    return rekeySa(sa, Optional.empty(), attributes(sa, nowMillis));
  }

  /** The Rekey SA as a joiner gets it (section 4.4.2.2.2: the initial ID unless it is zero). */
  RekeySaPolicy registered(RekeySaRow sa, long nowMillis) {
    SaAttributes attributes = attributes(sa, nowMillis);
    if (sa.nextMessageId() != 0) {
      attributes = attributes.withInitialMessageId(sa.nextMessageId());
    }
    RekeyAuthentication authentication =
        scheme.isPresent()
            ? new RekeyAuthentication.DigitalSignature(scheme.get().algorithmIdentifier())
            : new RekeyAuthentication.Implicit();
    return rekeySa(sa, Optional.of(authentication), attributes);
  }

  /**
   * With their lifetimes, also inband, where they may stay out (RFC 9838 section 5, table 3): a
   * member whose IKE SA the server has lost renews its keys in time.
   *
   * @param multicast whether rekeys come by multicast: then next SPIs are announced
   */
  List<DataSaPolicy> dataSas(List<DataSaRow> sas, long nowMillis, boolean multicast) {
    return sas.stream().map(sa -> dataSa(sa, nowMillis, multicast)).toList();
  }

  /** Delays, and the Sender-ID width for a sender; empty when there is nothing to say. */
  Optional<GroupWidePolicy> groupWide(boolean sender) {
    OptionalInt atd = seconds(settings.activationDelay());
    OptionalInt dtd = seconds(settings.deactivationDelay());
    OptionalInt bits = sender ? OptionalInt.of(settings.senderIdBits()) : OptionalInt.empty();
    if (atd.isEmpty() && dtd.isEmpty() && bits.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(GroupWidePolicy.of(atd, dtd, bits));
  }

  static CipherSuite cipher(SaSuite suite) {
    return new CipherSuite(suite.encryptionId(), suite.keyBits(), suite.integrityId());
  }

  static Bytes spiOctets(long spi) {
    return new ByteWriter().u32(spi).toBytes();
  }

  private RekeySaPolicy rekeySa(
      RekeySaRow sa, Optional<RekeyAuthentication> authentication, SaAttributes attributes) {
    MulticastTarget target = settings.rekey().target();
    return new RekeySaPolicy(
        GroupSaId.rekey(sa.spi()),
        source(target, UDP),
        TrafficSelector.of(UDP, address(target.address()), target.port()),
        cipher(settings.rekey().suite()),
        settings.rekey().keyWrap().transformId(),
        authentication,
        attributes);
  }

  private DataSaPolicy dataSa(DataSaRow sa, long nowMillis, boolean multicast) {
    DataSaSettings data =
        settings.data().stream()
            .filter(candidate -> candidate.name().equals(sa.name()))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no policy for data SA " + sa.name()));
    SaAttributes attributes = SaAttributes.lifetime(secondsLeft(sa.expiresMillis(), nowMillis));
    if (multicast) {
      attributes = attributes.withNextSpis(List.of(spiOctets(sa.nextSpi())));
    }
    MulticastTarget target = data.target();
    return new DataSaPolicy(
        GroupSaId.esp(spiOctets(sa.spi())),
        source(target, ANY_PROTOCOL),
        TrafficSelector.of(UDP, address(target.address()), target.port()),
        cipher(data.suite()),
        data.singleSender() ? SequenceNumbers.SEQUENTIAL_32 : SequenceNumbers.UNSPECIFIED_32,
        attributes);
  }

  private static SaAttributes attributes(RekeySaRow sa, long nowMillis) {
    return SaAttributes.lifetime(secondsLeft(sa.expiresMillis(), nowMillis))
        .withNextSpis(List.of(sa.nextSpi()));
  }

  private static long secondsLeft(long expiresMillis, long nowMillis) {
    return Math.max(1, (expiresMillis - nowMillis) / 1000);
  }

  private static OptionalInt seconds(Duration delay) {
    return delay.isZero() ? OptionalInt.empty() : OptionalInt.of((int) delay.toSeconds());
  }

  /** The one source of a source-specific group, else any ("MAY define wildcard", section 4.4.2). */
  private static TrafficSelector source(MulticastTarget target, int ipProtocol) {
    if (target.source().isPresent()) {
      Bytes address = address(target.source().get());
      return new TrafficSelector(ipProtocol, 0, MAX_PORT, address, address);
    }
    byte[] last = new byte[target.address().getAddress().length];
    Bytes first = Bytes.copyOf(last);
    Arrays.fill(last, (byte) 0xff);
    return new TrafficSelector(ipProtocol, 0, MAX_PORT, first, Bytes.copyOf(last));
  }

  private static Bytes address(java.net.InetAddress address) {
    return Bytes.copyOf(address.getAddress());
  }
}
