package org.keyfleet.protocol.gikev2;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.ike.DeletePayload;
import org.keyfleet.protocol.ike.ProtocolId;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * What a Delete payload of the GCKS says (RFC 9838 sections 2.4.3 and 4.6). The text does not spell
 * out how long a zero SPI is: an SPI of the protocol's size with all octets zero and no SPI at all
 * are read alike, and the former is sent.
 */
public sealed interface GroupDelete {

  /** Protocol 0: all Data-Security SAs and the Rekey SA go. */
  record WholeGroup() implements GroupDelete {}

  /**
   * AH or ESP with a zero SPI: all Data-Security SAs go. Both protocols mean the same, and a group
   * that has only one of them.
   */
  record AllDataSas(ProtocolId protocol) implements GroupDelete {
    public AllDataSas {
      if (protocol != ProtocolId.AH && protocol != ProtocolId.ESP) {
        throw new IllegalArgumentException("all data SAs of " + protocol);
      }
    }
  }

  /**
   * GIKE_UPDATE with a zero SPI: "the group member is excluded from the group" and "MUST
   * re-register if it wants to continue participating", after a random delay of seconds.
   */
  record Excluded() implements GroupDelete {}

  /** These SAs go, after GWP_DTD. */
  record Sas(List<GroupSaId> ids) implements GroupDelete {
    public Sas {
      ids = List.copyOf(ids);
      if (ids.stream().map(GroupSaId::protocol).distinct().count() != 1) {
        throw new IllegalArgumentException("delete of " + ids);
      }
    }
  }

  static GroupDelete of(DeletePayload payload) throws MalformedMessageException {
    if (payload.protocol() == ProtocolId.NONE) {
      if (!payload.spis().stream().allMatch(GroupSaId::isZero)) {
        throw new MalformedMessageException("delete: protocol 0 with an SPI");
      }
      return new WholeGroup();
    }
    Optional<ProtocolId> known =
        ProtocolId.ofCode(payload.protocol()).filter(id -> id != ProtocolId.IKE);
    if (known.isEmpty()) {
      throw new MalformedMessageException("delete: protocol " + payload.protocol());
    }
    ProtocolId protocol = known.get();
    List<GroupSaId> ids = new ArrayList<>();
    for (Bytes spi : payload.spis()) {
      if (spi.size() != GroupSaId.spiOctets(protocol)) {
        throw new MalformedMessageException("delete: " + protocol + " SPI of " + spi.size());
      }
      if (!GroupSaId.isZero(spi)) {
        ids.add(new GroupSaId(protocol, spi));
      }
    }
    if (ids.size() == payload.spis().size() && !ids.isEmpty()) {
      return new Sas(ids);
    }
    if (!ids.isEmpty()) {
      throw new MalformedMessageException("delete: zero SPI beside others");
    }
    return protocol == ProtocolId.GIKE_UPDATE ? new Excluded() : new AllDataSas(protocol);
  }

  /** The payload to send. */
  default DeletePayload toPayload() {
    if (this instanceof Sas sas) {
      return new DeletePayload(
          sas.ids.get(0).protocol().code(), sas.ids.stream().map(GroupSaId::spi).toList());
    }
    if (this instanceof AllDataSas all) {
      return zeroSpi(all.protocol);
    }
    return this instanceof Excluded
        ? zeroSpi(ProtocolId.GIKE_UPDATE)
        : new DeletePayload(ProtocolId.NONE, List.of());
  }

  private static DeletePayload zeroSpi(ProtocolId protocol) {
    Bytes zero = new ByteWriter().zeros(GroupSaId.spiOctets(protocol)).toBytes();
    return new DeletePayload(protocol.code(), List.of(zero));
  }
}
