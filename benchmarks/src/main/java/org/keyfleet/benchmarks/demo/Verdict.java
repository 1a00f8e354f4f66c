package org.keyfleet.benchmarks.demo;

/** What the demonstration has shown so far. */
final class Verdict {
  private boolean good = true;
  private int evictedReadAfter = -1;
  private int lateJoinerReadBefore = -1;
  private boolean recovered;

  /** A step that has to succeed. */
  void require(boolean held) {
    good &= held;
  }

  void evictedReadAfter(int datagrams) {
    evictedReadAfter = datagrams;
  }

  int evictedReadAfter() {
    return evictedReadAfter;
  }

  void lateJoinerReadBefore(int datagrams) {
    lateJoinerReadBefore = datagrams;
  }

  int lateJoinerReadBefore() {
    return lateJoinerReadBefore;
  }

  void recovered(boolean value) {
    recovered = value;
  }

  boolean recovered() {
    return recovered;
  }

  boolean ok() {
    return good && recovered && evictedReadAfter == 0 && lateJoinerReadBefore == 0;
  }
}
