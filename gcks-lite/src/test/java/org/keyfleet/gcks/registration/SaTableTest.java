package org.keyfleet.gcks.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.keyfleet.gcks.registration.IkeSa.Phase;

class SaTableTest {
  private static final int LIMIT = 64;

  private final IkeSas sas = new IkeSas();
  private final SaTable table = new SaTable(new ResponderLimits(8, LIMIT, 1000, 1, 1280));

  /** Eight hosts can fill the table, and do not keep anybody else out. */
  @Test
  void aNewcomerTakesThePlaceOfTheLargestNetworksOldest() {
    for (int host = 1; host <= 8; host++) {
      fill("192.0.2." + host, LIMIT / 8);
    }
    assertEquals(LIMIT, table.halfOpen());
    for (int host = 1; host <= 20; host++) {
      assertTrue(comes("198.51.100." + host, 500), "host " + host);
    }
    assertEquals(LIMIT, table.halfOpen());
    assertFalse(comes("192.0.2.1", 9999), "one that has its share gets no more");
  }

  @Test
  void oneNetworkHasItsShare() {
    fill("192.0.2.1", LIMIT / 8);
    assertFalse(comes("192.0.2.1", 9999));
    assertTrue(comes("192.0.2.2", 9999));
  }

  /** An IPv6 subnet is one peer, whatever its addresses. */
  @Test
  void addressesOfAnIpv6SubnetShare() {
    for (int i = 0; i < LIMIT / 8; i++) {
      assertTrue(comes("2001:db8::" + Integer.toHexString(i + 1), 500));
    }
    assertFalse(comes("2001:db8::ffff", 500));
    assertTrue(comes("2001:db8:0:1::1", 500));
  }

  @Test
  void oneIdentityHasItsShare() throws Exception {
    IkeSa first = sas.authenticated(table, "m1.example", Phase.OPEN);
    for (int i = 1; i < ResponderLimits.SAS_PER_IDENTITY; i++) {
      sas.authenticated(table, "m1.example", Phase.OPEN);
    }
    assertTrue(table.find(first.responderSpi).isPresent());
    sas.authenticated(table, "m1.example", Phase.OPEN);
    assertFalse(table.find(first.responderSpi).isPresent(), "the oldest goes");
    assertEquals(ResponderLimits.SAS_PER_IDENTITY, table.of("m1.example").size());
  }

  private void fill(String host, int count) {
    for (int i = 0; i < count; i++) {
      assertTrue(comes(host, 1000 + i));
    }
  }

  private boolean comes(String host, int port) {
    if (!table.makeRoomFor(IkeSas.path(host, port).network())) {
      return false;
    }
    table.add(sas.halfOpen(host, port));
    return true;
  }
}
