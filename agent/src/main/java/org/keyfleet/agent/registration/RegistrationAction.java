package org.keyfleet.agent.registration;

import java.util.List;
import org.keyfleet.protocol.gikev2.RekeyContent;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;

/** What a registration asks of the world. */
public sealed interface RegistrationAction {
  /**
   * Send datagrams to the GCKS.
   *
   * @param natPort to its port for NAT traversal; the marker is in the octets
   */
  record Send(List<Bytes> datagrams, boolean natPort) implements RegistrationAction {
    public Send {
      datagrams = List.copyOf(datagrams);
    }
  }

  /** Sign with the identity key, then report {@link RegistrationEvent.Signed}. */
  record Sign(Bytes octets) implements RegistrationAction {}

  /** The keys of an IKE SA exist: for an export that the operator asked for. */
  record Derived(IkeSa sa) implements RegistrationAction {}

  /** The GCKS is authenticated and nothing more was wanted. */
  record Authenticated() implements RegistrationAction {}

  /** We are a member once this is installed. */
  record Registered(RegistrationResult result) implements RegistrationAction {}

  /**
   * GSA_INBAND_REKEY: install, then report {@link RegistrationEvent.RekeyDone}, which acknowledges.
   *
   * @param gskW belongs to the receiver, who closes it
   */
  record Rekeyed(RekeyContent content, KeyWrap keyWrap, SecretBytes gskW)
      implements RegistrationAction {}

  /** The GCKS took us off its list. */
  record Left() implements RegistrationAction {}

  /** It came to nothing. The text is one line for the operator. */
  record Failed(FailureReason reason, String text) implements RegistrationAction {}

  /**
   * The GCKS closed the IKE SA. Without a Rekey SA that means: excluded (RFC 9838 section 2.3.3).
   */
  record ClosedByGcks() implements RegistrationAction {}
}
