package org.keyfleet.agent.registration;

import java.util.Optional;
import org.keyfleet.protocol.octets.Bytes;

/** What happens to a registration. */
public sealed interface RegistrationEvent {
  /**
   * Begin, or begin anew. Where an IKE SA stands already, it is used (RFC 9838 section 2.3.2).
   *
   * @param path the UDP path; empty over MQTT, where there is no NAT to detect
   */
  record Start(Purpose purpose, Optional<PathEnds> path) implements RegistrationEvent {}

  /**
   * An IKE message came.
   *
   * @param message without the non-ESP marker
   */
  record Received(Bytes message, Optional<PathEnds> path) implements RegistrationEvent {}

  /** The identity key signed what {@link RegistrationAction.Sign} asked for. */
  record Signed(Bytes signature) implements RegistrationEvent {}

  /** The identity key cannot sign now. */
  record NotSigned(String why) implements RegistrationEvent {}

  /** The group's policy cannot be installed: tell the GCKS (RFC 9838 section 2.3.1). */
  record PolicyRefused(String why) implements RegistrationEvent {}

  /** What {@link RegistrationAction.Rekeyed} brought is durable, or cannot be used. */
  record RekeyDone() implements RegistrationEvent {}

  /** A deadline passed. */
  record Tick() implements RegistrationEvent {}

  /** Close the IKE SA, if there is one. */
  record Stop() implements RegistrationEvent {}
}
