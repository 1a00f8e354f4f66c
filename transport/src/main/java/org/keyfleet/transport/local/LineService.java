package org.keyfleet.transport.local;

/** What a {@link LocalSocketServer} does with the lines it gets, on the loop's thread. */
public interface LineService {

  /** One line without its end. It must not block: hand it on and answer through {@code peer}. */
  void onLine(LocalPeer peer, String line);

  /** The peer is gone; nothing can be sent to it any more. */
  default void onClosed(LocalPeer peer) {}
}
