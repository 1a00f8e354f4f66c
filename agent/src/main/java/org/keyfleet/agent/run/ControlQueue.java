package org.keyfleet.agent.run;

import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.keyfleet.transport.local.LineService;
import org.keyfleet.transport.local.LocalPeer;

/** Hands lines of the control socket from its thread to the owner thread. */
final class ControlQueue implements LineService {
  private static final int MAX_WAITING = 64;
  private static final String BUSY = "{\"ok\":false,\"error\":\"the agent is busy\",\"exit\":1}";

  private final ArrayBlockingQueue<Request> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Runnable wakeUp;

  /** A line and who sent it. */
  record Request(LocalPeer peer, String line) {}

  ControlQueue(Runnable wakeUp) {
    this.wakeUp = wakeUp;
  }

  @Override
  public void onLine(LocalPeer peer, String line) {
    if (waiting.offer(new Request(peer, line))) {
      wakeUp.run();
    } else {
      peer.send(BUSY);
    }
  }

  @Nullable Request poll() {
    return waiting.poll();
  }
}
