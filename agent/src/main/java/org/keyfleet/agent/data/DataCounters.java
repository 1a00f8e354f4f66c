package org.keyfleet.agent.data;

/** What the data plane of a group has done since the agent started, in packets. */
public final class DataCounters {
  private long opened;
  private long sealed;
  private long replayed;
  private long notAuthentic;
  private long unknownSpi;
  private long malformed;
  private long notSent;

  void countOpened() {
    opened++;
  }

  void countSealed() {
    sealed++;
  }

  void countReplayed() {
    replayed++;
  }

  void countNotAuthentic() {
    notAuthentic++;
  }

  void countUnknownSpi() {
    unknownSpi++;
  }

  void countMalformed() {
    malformed++;
  }

  void countNotSent() {
    notSent++;
  }

  public long opened() {
    return opened;
  }

  public long sealed() {
    return sealed;
  }

  /** Replays, and our own packets come back. */
  public long replayed() {
    return replayed;
  }

  public long notAuthentic() {
    return notAuthentic;
  }

  /** Packets of an SA that we have no key of: we were excluded, or not yet a member. */
  public long unknownSpi() {
    return unknownSpi;
  }

  public long malformed() {
    return malformed;
  }

  /** Datagrams of applications that no SA could take. */
  public long notSent() {
    return notSent;
  }
}
