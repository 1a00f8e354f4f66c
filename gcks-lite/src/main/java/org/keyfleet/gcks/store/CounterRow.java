package org.keyfleet.gcks.store;

/**
 * What a group has given out so far; none of it ever goes back.
 *
 * @param nextKeyId the next 32-bit Key ID; 0 stays reserved (RFC 9838 section 4.5.4)
 * @param nextSerial the next number of an SA, from which its keying material is derived
 * @param nextSenderId the next Sender-ID (RFC 9838 section 2.5.1)
 * @param senderIdEnd the first Sender-ID that needs new SAs: those before it were set aside when
 *     the SAs in force were made, so every copy of the store that knows these SAs knows of it
 * @param epoch changes of keys so far
 */
public record CounterRow(
    long nextKeyId, long nextSerial, long nextSenderId, long senderIdEnd, long epoch) {
  public static final CounterRow FIRST = new CounterRow(1, 1, 0, 0, 0);
}
