package org.keyfleet.protocol.gikev2;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.keyfleet.protocol.ike.Proposal;
import org.keyfleet.protocol.ike.ProtocolId;
import org.keyfleet.protocol.ike.SaPayload;
import org.keyfleet.protocol.ike.Transform;
import org.keyfleet.protocol.ike.TransformIds;
import org.keyfleet.protocol.ike.TransformType;

/**
 * The SAg payload: what a member can do, told and not negotiated (RFC 9838 sections 2.3.3 and 4.3).
 * The SPI of a proposal says nothing here ("The GCKS MUST NOT use SPI length and SPI fields").
 *
 * @param proposals of equal number: to be used together
 */
public record SupportedTransforms(List<Proposal> proposals) {
  public SupportedTransforms {
    proposals = List.copyOf(proposals);
  }

  public static SupportedTransforms of(SaPayload payload) {
    return new SupportedTransforms(payload.proposals());
  }

  /** For a member without dependencies between its algorithms: one proposal a protocol. */
  public static SupportedTransforms of(List<Transform> rekeySa, List<Transform> esp) {
    return new SupportedTransforms(
        List.of(
            Proposal.of(1, ProtocolId.GIKE_UPDATE, rekeySa), Proposal.of(1, ProtocolId.ESP, esp)));
  }

  public SaPayload toPayload() {
    return new SaPayload(proposals);
  }

  /**
   * "If SAg payload is included in the GSA_AUTH request, then it MUST indicate which key wrap
   * algorithms are supported by the GM" (section 4.5.4).
   */
  public boolean namesKeyWrap() {
    return proposals.stream().anyMatch(proposal -> !proposal.ofType(TransformType.KWA).isEmpty());
  }

  /**
   * Whether the member can do what {@code policy} asks. Proposals of one number are a set: "if GCKS
   * uses transforms from one of such Proposal for one protocol, then it MUST only use transforms
   * from one of the Proposals with the same value in Proposal Num field for other protocols".
   */
  public boolean allow(GroupPolicy policy) {
    Set<Integer> numbers = new HashSet<>();
    proposals.forEach(proposal -> numbers.add(proposal.number()));
    return numbers.stream()
        .anyMatch(number -> policy.sas().stream().allMatch(sa -> allowsWithin(number, sa)));
  }

  private boolean allowsWithin(int number, SaPolicy sa) {
    return proposals.stream()
        .filter(proposal -> proposal.number() == number && proposal.is(sa.id().protocol()))
        .anyMatch(proposal -> covers(proposal, sa));
  }

  private static boolean covers(Proposal proposal, SaPolicy sa) {
    List<Transform> wanted = new ArrayList<>(sa.transforms());
    wanted.removeIf(
        transform ->
            transform.is(TransformType.INTEG) && transform.id() == TransformIds.INTEG_NONE);
    return wanted.stream().allMatch(transform -> offers(proposal, transform));
  }

  /** A transform without a Signature Algorithm Identifier stands for any of its ID. */
  private static boolean offers(Proposal proposal, Transform wanted) {
    return proposal.transforms().stream()
        .filter(offer -> offer.type() == wanted.type() && offer.id() == wanted.id())
        .anyMatch(
            offer ->
                offer.keyBits().equals(wanted.keyBits())
                    && (offer.signatureAlgorithm().isEmpty()
                        || offer.signatureAlgorithm().equals(wanted.signatureAlgorithm())));
  }
}
