package org.keyfleet.agent.run;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where the GCKS is. A name is looked up on another thread; the owner thread takes the answer up
 * when it asks the next time. An address that the name still has is kept, and the last one is used
 * on while the name service is out.
 */
final class GcksHost {
  /** Asks the name service; blocks. */
  @FunctionalInterface
  interface Names {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  /** What a look-up brought: addresses, or none and why. */
  private record Answer(List<InetAddress> addresses, String trouble) {}

  private final String host;
  private final boolean ipv4Only;
  private final Names names;
  private final Executor executor;
  private final Runnable wakeUp;
  private final AtomicReference<@Nullable Answer> fresh = new AtomicReference<>();

  // of the owner thread
  private boolean asked;
  private @Nullable InetAddress current;
  private String trouble;

  /**
   * A host whose address is not known yet.
   *
   * @param ipv4Only whether our sockets reach IPv4 alone
   * @param executor where {@code names} is asked
   * @param wakeUp called when an answer has come
   */
  GcksHost(String host, boolean ipv4Only, Names names, Executor executor, Runnable wakeUp) {
    this.host = host;
    this.ipv4Only = ipv4Only;
    this.names = names;
    this.executor = isNumeric(host) ? Runnable::run : executor;
    this.wakeUp = wakeUp;
    this.trouble = "the address of '" + host + "' is being looked up";
  }

  /** Asks for the address anew, unless that is under way. */
  void refresh() {
    takeUp();
    if (asked) {
      return;
    }
    asked = true;
    try {
      executor.execute(this::lookUp);
    } catch (RejectedExecutionException e) {
      asked = false; // the next registration asks again
    }
  }

  /** The address to use for what begins now. */
  Optional<InetAddress> address() {
    takeUp();
    return Optional.ofNullable(current);
  }

  /** Why there is no address, or none that is fresh; empty when all is well. */
  String trouble() {
    takeUp();
    return trouble;
  }

  private void lookUp() {
    Answer answer;
    try {
      List<InetAddress> found = usable(names.addresses(host));
      answer =
          new Answer(
              found,
              found.isEmpty()
                  ? "host '" + host + "' has IPv6 addresses only: set local-address to \"::\""
                  : "");
    } catch (UnknownHostException | RuntimeException e) {
      answer =
          new Answer(
              List.of(),
              "no address for host '" + host + "': check the spelling or the name service");
    }
    fresh.set(answer);
    wakeUp.run();
  }

  private List<InetAddress> usable(InetAddress[] found) {
    return Arrays.stream(found)
        .filter(address -> !ipv4Only || address instanceof Inet4Address)
        .toList();
  }

  private void takeUp() {
    Answer answer = fresh.getAndSet(null);
    if (answer == null) {
      return;
    }
    asked = false;
    trouble = answer.trouble();
    InetAddress before = current;
    if (!answer.addresses().isEmpty() && (before == null || !answer.addresses().contains(before))) {
      current = answer.addresses().get(0);
    }
  }

  /** Numeric addresses are read, not looked up. */
  private static boolean isNumeric(String host) {
    return host.indexOf(':') >= 0 || host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  }
}
