package org.keyfleet.protocol.octets;

/**
 * A peer's octets break the format. The message names the field and its length, never its content.
 * It has no stack trace: any sender on the network can cause it.
 */
public class MalformedMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedMessageException(String message) {
    super(message, null, false, false);
  }
}
