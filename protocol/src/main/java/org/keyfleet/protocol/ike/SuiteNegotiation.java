package org.keyfleet.protocol.ike;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.KeyExchangeMethod;
import org.keyfleet.protocol.suite.KeyWrap;
import org.keyfleet.protocol.suite.Prf;

/**
 * Offers and choice of the suite of an IKE SA (RFC 7296 sections 2.7 and 3.3; RFC 5282 section 8
 * for AEAD; RFC 9838 section 4.4.2.1.2 for key wrap, transform type 13).
 */
public final class SuiteNegotiation {
  private final SuitePolicy policy;

  public SuiteNegotiation(SuitePolicy policy) {
    this.policy = policy;
  }

  /**
   * The initiator's SA payload: AEAD ciphers and others in proposals of their own (RFC 7296 section
   * 3.3), and each once more without key wrap where that is not required.
   */
  public SaPayload offer() {
    List<Proposal> proposals = new ArrayList<>();
    List<List<KeyWrap>> keyWrapLists = new ArrayList<>();
    keyWrapLists.add(policy.keyWraps());
    if (!policy.keyWrapRequired() && !policy.keyWraps().isEmpty()) {
      keyWrapLists.add(List.of());
    }
    for (List<KeyWrap> keyWraps : keyWrapLists) {
      for (boolean aead : new boolean[] {true, false}) {
        List<IkeSuite.Encryption> encryptions =
            policy.encryptions().stream().filter(each -> each.isAead() == aead).toList();
        if (!encryptions.isEmpty()) {
          List<Transform> transforms = transforms(encryptions, aead, keyWraps);
          proposals.add(Proposal.of(proposals.size() + 1, ProtocolId.IKE, transforms));
        }
      }
    }
    return new SaPayload(proposals);
  }

  private List<Transform> transforms(
      List<IkeSuite.Encryption> encryptions, boolean aead, List<KeyWrap> keyWraps) {
    List<Transform> transforms = new ArrayList<>();
    encryptions.stream()
        .map(IkeSuite.Encryption::encryptionTransform)
        .distinct()
        .forEach(transforms::add);
    if (!aead) {
      encryptions.stream()
          .map(IkeSuite.Encryption::integrityTransform)
          .distinct()
          .forEach(transforms::add);
    }
    policy.prfs().forEach(prf -> transforms.add(transform(prf)));
    policy.keyExchanges().forEach(method -> transforms.add(transform(method)));
    keyWraps.forEach(keyWrap -> transforms.add(transform(keyWrap)));
    return transforms;
  }

  /**
   * The responder's choice: our order of preference counts, save that a key exchange method the
   * initiator has already sent its share for saves a round trip.
   *
   * @param keMethod the method of the request's KE payload
   */
  public SuiteChoice choose(SaPayload offer, int keMethod) {
    for (IkeSuite.Encryption encryption : policy.encryptions()) {
      for (Proposal proposal : offer.proposals()) {
        Optional<SuiteChoice> choice = choose(proposal, encryption, keMethod);
        if (choice.isPresent()) {
          return choice.get();
        }
      }
    }
    return new SuiteChoice.None();
  }

  private Optional<SuiteChoice> choose(
      Proposal proposal, IkeSuite.Encryption encryption, int keMethod) {
    Optional<IkeSuite> match = match(proposal, encryption, keMethod);
    if (match.isEmpty()) {
      return Optional.empty();
    }
    IkeSuite suite = match.get();
    if (suite.keyExchange().transformId() != keMethod) {
      return Optional.of(new SuiteChoice.OtherKeyExchange(suite.keyExchange()));
    }
    boolean nameIntegrity = !proposal.ofType(TransformType.INTEG).isEmpty();
    Proposal accepted =
        Proposal.of(proposal.number(), ProtocolId.IKE, accepted(suite, nameIntegrity));
    return Optional.of(new SuiteChoice.Chosen(suite, new SaPayload(List.of(accepted))));
  }

  /** One transform of each type that the proposal has. */
  private static List<Transform> accepted(IkeSuite suite, boolean nameIntegrity) {
    List<Transform> transforms = new ArrayList<>();
    transforms.add(suite.encryption().encryptionTransform());
    if (nameIntegrity) {
      transforms.add(suite.encryption().integrityTransform());
    }
    transforms.add(transform(suite.prf()));
    transforms.add(transform(suite.keyExchange()));
    suite.keyWrap().ifPresent(keyWrap -> transforms.add(transform(keyWrap)));
    return transforms;
  }

  /**
   * The initiator's check of the response: one proposal, one of those offered, one offered
   * transform of each of its types and no other.
   *
   * @return empty when the responder answered something else
   */
  public Optional<IkeSuite> accept(SaPayload offered, SaPayload answer) {
    if (answer.proposals().size() != 1) {
      return Optional.empty();
    }
    Proposal chosen = answer.proposals().get(0);
    return offered.proposals().stream()
        .filter(proposal -> isPartOf(chosen, proposal))
        .findFirst()
        .flatMap(proposal -> suiteOf(chosen));
  }

  private static boolean isPartOf(Proposal chosen, Proposal offered) {
    return chosen.number() == offered.number()
        && chosen.protocol() == offered.protocol()
        && chosen.spi().equals(offered.spi())
        && chosen.transforms().size() == types(chosen).size()
        && types(chosen).equals(types(offered))
        && offered.transforms().containsAll(chosen.transforms());
  }

  private static Set<Integer> types(Proposal proposal) {
    Set<Integer> types = new HashSet<>();
    proposal.transforms().forEach(transform -> types.add(transform.type()));
    return types;
  }

  private Optional<IkeSuite> suiteOf(Proposal chosen) {
    int keMethod =
        chosen.ofType(TransformType.KE).stream().mapToInt(Transform::id).findFirst().orElse(0);
    return policy.encryptions().stream()
        .map(encryption -> match(chosen, encryption, keMethod))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /**
   * The best suite of a proposal with one cipher; empty when the proposal has a type we do not know
   * (RFC 7296 section 3.3.6) or lacks one.
   */
  private Optional<IkeSuite> match(
      Proposal proposal, IkeSuite.Encryption encryption, int keMethod) {
    if (!proposal.is(ProtocolId.IKE)
        || !proposal.spi().isEmpty()
        || !proposal.transforms().stream().allMatch(this::isKnownType)
        || !proposal.transforms().contains(encryption.encryptionTransform())
        || !integrityFits(proposal, encryption)) {
      return Optional.empty();
    }
    Optional<Prf> prf = first(policy.prfs(), SuiteNegotiation::transform, proposal);
    Optional<KeyExchangeMethod> keyExchange = keyExchange(proposal, keMethod);
    Optional<KeyWrap> keyWrap = first(policy.keyWraps(), SuiteNegotiation::transform, proposal);
    boolean keyWrapFits =
        keyWrap.isPresent()
            || (!policy.keyWrapRequired() && proposal.ofType(TransformType.KWA).isEmpty());
    if (prf.isEmpty() || keyExchange.isEmpty() || !keyWrapFits) {
      return Optional.empty();
    }
    return Optional.of(new IkeSuite(encryption, prf.get(), keyExchange.get(), keyWrap));
  }

  /** NONE may be named or left out with an AEAD cipher (RFC 5282 section 8). */
  private static boolean integrityFits(Proposal proposal, IkeSuite.Encryption encryption) {
    boolean unnamed = proposal.ofType(TransformType.INTEG).isEmpty();
    return (encryption.isAead() && unnamed)
        || proposal.transforms().contains(encryption.integrityTransform());
  }

  private Optional<KeyExchangeMethod> keyExchange(Proposal proposal, int keMethod) {
    Optional<KeyExchangeMethod> sent =
        KeyExchangeMethod.ofTransformId(keMethod)
            .filter(policy.keyExchanges()::contains)
            .filter(method -> proposal.transforms().contains(transform(method)));
    return sent.isPresent()
        ? sent
        : first(policy.keyExchanges(), SuiteNegotiation::transform, proposal);
  }

  private boolean isKnownType(Transform transform) {
    return transform.is(TransformType.ENCR)
        || transform.is(TransformType.INTEG)
        || transform.is(TransformType.PRF)
        || transform.is(TransformType.KE)
        || transform.is(TransformType.KWA);
  }

  private static <T> Optional<T> first(
      List<T> preferred, Function<T, Transform> transform, Proposal proposal) {
    return preferred.stream()
        .filter(each -> proposal.transforms().contains(transform.apply(each)))
        .findFirst();
  }

  /** INVALID_KE_PAYLOAD with the method we want (RFC 7296 section 1.3). */
  public static NotifyPayload invalidKe(KeyExchangeMethod wanted) {
    return NotifyPayload.of(
        NotifyType.INVALID_KE_PAYLOAD, new ByteWriter().u16(wanted.transformId()).toBytes());
  }

  /**
   * The method that a responder's INVALID_KE_PAYLOAD asks for.
   *
   * @return empty when it is none of ours: do not follow
   */
  public Optional<KeyExchangeMethod> wantedKeyExchange(NotifyPayload invalidKe)
      throws MalformedMessageException {
    ByteReader in = invalidKe.data().reader();
    int method = in.u16("INVALID_KE_PAYLOAD method");
    in.expectEnd("INVALID_KE_PAYLOAD");
    return KeyExchangeMethod.ofTransformId(method).filter(policy.keyExchanges()::contains);
  }

  private static Transform transform(Prf prf) {
    return Transform.of(TransformType.PRF, prf.transformId());
  }

  private static Transform transform(KeyExchangeMethod method) {
    return Transform.of(TransformType.KE, method.transformId());
  }

  private static Transform transform(KeyWrap keyWrap) {
    return Transform.of(TransformType.KWA, keyWrap.transformId());
  }
}
