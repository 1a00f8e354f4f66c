package org.keyfleet.protocol.keytree.histories;

/**
 * What was in a history, so that nobody takes an empty one for a safe one.
 *
 * @param events rekeys: each has a group key of its own
 * @param joined members who came
 * @param evicted members who went
 * @param batches events with more than one of them
 * @param refreshed paths that were renewed though nobody came or went
 * @param hosts transient hosts that learnt keys and were shut out again
 * @param keys symbols, the group keys among them
 * @param most members at once
 */
public record Tally(
    long events,
    long joined,
    long evicted,
    long batches,
    long refreshed,
    long hosts,
    long keys,
    int most) {
  static final Tally NOTHING = new Tally(0, 0, 0, 0, 0, 0, 0, 0);

  /** One more event. */
  Tally plus(int joining, int leaving, int refreshing, int healed, int newKeys, int members) {
    return new Tally(
        events + 1,
        joined + joining,
        evicted + leaving,
        batches + (joining + leaving > 1 ? 1 : 0),
        refreshed + refreshing,
        hosts + healed,
        keys + newKeys,
        Math.max(most, members));
  }
}
