package org.keyfleet.protocol.ike;

import java.util.ArrayList;
import java.util.List;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * Security Association payload (RFC 7296 section 3.3), also the SAg payload (RFC 9838 section
 * 2.3.3): one or more proposals.
 */
public record SaPayload(List<Proposal> proposals) implements Payload {
  // From RFC 7296 section 3.3.1
  private static final int LAST = 0;
  private static final int MORE = 2;

  // Ours
  static final int MAX_PROPOSALS = 64;

  public SaPayload {
    if (proposals.isEmpty() || proposals.size() > MAX_PROPOSALS) {
      throw new IllegalArgumentException("SA: " + proposals.size() + " proposals");
    }
    proposals = List.copyOf(proposals);
  }

  static SaPayload decode(ByteReader in) throws MalformedMessageException {
    List<Proposal> proposals = new ArrayList<>();
    int marker = MORE;
    while (marker == MORE) {
      if (proposals.size() == MAX_PROPOSALS) {
        throw new MalformedMessageException("SA: more than " + MAX_PROPOSALS + " proposals");
      }
      marker = in.u8("proposal last substruc");
      if (marker != LAST && marker != MORE) {
        throw new MalformedMessageException("proposal last substruc: " + marker);
      }
      proposals.add(Proposal.decode(in));
    }
    in.expectEnd("SA");
    return new SaPayload(proposals);
  }

  @Override
  public int typeCode() {
    return PayloadType.SA.code();
  }

  @Override
  public void encodeBody(ByteWriter out) {
    int left = proposals.size();
    for (Proposal proposal : proposals) {
      left--;
      out.u8(left == 0 ? LAST : MORE);
      proposal.encode(out);
    }
  }
}
