package org.keyfleet.protocol.gikev2;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.keyfleet.protocol.ike.GsaPayload;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * The content of a GSA payload (RFC 9838 section 4.4): at most one Rekey SA, any number of
 * Data-Security SAs, at most one group-wide policy; "at least one TEK or KEK policy MUST be
 * present".
 */
public record GroupPolicy(
    Optional<RekeySaPolicy> rekeySa,
    List<DataSaPolicy> dataSas,
    Optional<GroupWidePolicy> groupWide) {
  /** Ours: more streams than a group has. */
  static final int MAX_DATA_SAS = 256;

  public GroupPolicy {
    dataSas = List.copyOf(dataSas);
    if (rekeySa.isEmpty() && dataSas.isEmpty()) {
      throw new IllegalArgumentException("GSA: no SA policy");
    }
    if (dataSas.size() > MAX_DATA_SAS) {
      throw new IllegalArgumentException("GSA: " + dataSas.size() + " data SAs");
    }
  }

  public static GroupPolicy of(GsaPayload payload) throws MalformedMessageException {
    return decode(payload.body().reader());
  }

  static GroupPolicy decode(ByteReader in) throws MalformedMessageException {
    Optional<RekeySaPolicy> rekeySa = Optional.empty();
    List<DataSaPolicy> dataSas = new ArrayList<>();
    Optional<GroupWidePolicy> groupWide = Optional.empty();
    Set<GroupSaId> ids = new HashSet<>();
    while (in.hasRemaining()) {
      if (in.peekU8("protocol") == Substructure.NO_PROTOCOL) {
        requireFirst(groupWide.isEmpty(), "group-wide policy");
        groupWide = Optional.of(GroupWidePolicy.decode(in));
        continue;
      }
      SaPolicy policy = SaPolicy.decode(in);
      requireFirst(ids.add(policy.id()), policy.id().toString());
      if (policy instanceof RekeySaPolicy rekey) {
        requireFirst(rekeySa.isEmpty(), "Rekey SA policy");
        rekeySa = Optional.of(rekey);
      } else if (policy instanceof DataSaPolicy data) {
        dataSas.add(data);
      }
    }
    if (rekeySa.isEmpty() && dataSas.isEmpty()) {
      throw new MalformedMessageException("GSA: no SA policy");
    }
    if (dataSas.size() > MAX_DATA_SAS) {
      throw new MalformedMessageException("GSA: " + dataSas.size() + " data SAs");
    }
    return new GroupPolicy(rekeySa, dataSas, groupWide);
  }

  /** The payload to send. */
  public GsaPayload toPayload() {
    ByteWriter out = new ByteWriter();
    rekeySa.ifPresent(policy -> policy.encode(out));
    dataSas.forEach(policy -> policy.encode(out));
    groupWide.ifPresent(policy -> policy.encode(out));
    return new GsaPayload(out.toBytes());
  }

  /** The Rekey SA, if there is one, and the Data-Security SAs. */
  public List<SaPolicy> sas() {
    List<SaPolicy> all = new ArrayList<>();
    rekeySa.ifPresent(all::add);
    all.addAll(dataSas);
    return all;
  }

  /** Whether a Data-Security SA uses a cipher that needs Sender-IDs (section 2.5). */
  public boolean usesCounterMode() {
    return dataSas.stream().anyMatch(policy -> policy.cipher().isCounterMode());
  }

  private static void requireFirst(boolean first, String what) throws MalformedMessageException {
    if (!first) {
      throw new MalformedMessageException("GSA: " + what + " twice");
    }
  }
}
