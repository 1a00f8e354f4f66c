package org.keyfleet.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GcksHostTest {
  private final List<Runnable> waiting = new ArrayList<>();
  private final AtomicInteger wakeUps = new AtomicInteger();
  private final List<InetAddress> zone = new ArrayList<>();

  private GcksHost host(String name) {
    return new GcksHost(name, true, this::ask, waiting::add, wakeUps::incrementAndGet);
  }

  private InetAddress[] ask(String name) throws UnknownHostException {
    if (zone.isEmpty()) {
      throw new UnknownHostException(name);
    }
    return zone.toArray(new InetAddress[0]);
  }

  private void answer() {
    waiting.remove(0).run();
  }

  private static InetAddress at(String address) throws UnknownHostException {
    return InetAddress.getAllByName(address)[0];
  }

  @Test
  void theOwnerThreadNeverWaitsForAName() throws Exception {
    zone.add(at("192.0.2.1"));
    GcksHost host = host("gcks.example");
    host.refresh();
    host.refresh();
    assertEquals(1, waiting.size(), "one look-up at a time");
    assertEquals(Optional.empty(), host.address());
    assertTrue(host.trouble().contains("being looked up"), host.trouble());
    answer();
    assertEquals(1, wakeUps.get());
    assertEquals(Optional.of(at("192.0.2.1")), host.address());
    assertEquals("", host.trouble());
  }

  @Test
  void aNameThatIsNotThereIsSaidAtOnce() {
    GcksHost host = host("gcks.example");
    host.refresh();
    answer();
    assertEquals(Optional.empty(), host.address());
    assertTrue(host.trouble().contains("no address for host 'gcks.example'"), host.trouble());
  }

  @Test
  void anAddressThatTheNameStillHasIsKept() throws Exception {
    GcksHost host = host("gcks.example");
    zone.add(at("192.0.2.1"));
    zone.add(at("192.0.2.2"));
    host.refresh();
    answer();
    zone.add(zone.remove(0)); // round robin
    host.refresh();
    answer();
    assertEquals(Optional.of(at("192.0.2.1")), host.address());
    zone.remove(at("192.0.2.1"));
    host.refresh();
    answer();
    assertEquals(Optional.of(at("192.0.2.2")), host.address());
  }

  @Test
  void anOutageOfTheNameServiceKeepsTheLastAddress() throws Exception {
    GcksHost host = host("gcks.example");
    zone.add(at("192.0.2.1"));
    host.refresh();
    answer();
    zone.clear();
    host.refresh();
    answer();
    assertEquals(Optional.of(at("192.0.2.1")), host.address());
  }

  @Test
  void addressesThatOurSocketCannotReachAreLeftOut() throws Exception {
    zone.add(at("2001:db8::1"));
    GcksHost host = host("gcks.example");
    host.refresh();
    answer();
    assertEquals(Optional.empty(), host.address());
    assertTrue(host.trouble().contains("local-address"), host.trouble());
    zone.add(at("192.0.2.1"));
    host.refresh();
    answer();
    assertEquals(Optional.of(at("192.0.2.1")), host.address());
  }

  @Test
  void aNumericAddressNeedsNoLookup() throws Exception {
    zone.add(at("192.0.2.7"));
    GcksHost host = host("192.0.2.7");
    host.refresh();
    assertEquals(List.of(), waiting);
    assertEquals(Optional.of(at("192.0.2.7")), host.address());
  }

  @Test
  void aLookupThatIsRefusedIsAskedForAgain() throws Exception {
    zone.add(at("192.0.2.1"));
    AtomicInteger asked = new AtomicInteger();
    GcksHost host =
        new GcksHost(
            "gcks.example",
            true,
            this::ask,
            task -> {
              if (asked.getAndIncrement() == 0) {
                throw new RejectedExecutionException();
              }
              task.run();
            },
            wakeUps::incrementAndGet);
    host.refresh();
    assertEquals(Optional.empty(), host.address());
    host.refresh();
    assertEquals(Optional.of(at("192.0.2.1")), host.address());
  }
}
