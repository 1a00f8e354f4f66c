package org.keyfleet.gcks.store;

/**
 * How many Sender-IDs an identity got in a time.
 *
 * @param sinceMillis when that time began
 */
public record SenderGrantRow(long sinceMillis, long granted) {
  public static final SenderGrantRow NONE = new SenderGrantRow(0, 0);
}
