package org.keyfleet.protocol.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.KeyExchangeMethod;

class IkeFaultTest {
  private static String body(IkeFault fault) {
    return new PayloadList(List.of(fault.toNotify()))
        .find(NotifyPayload.class)
        .map(notify -> "%d %s".formatted(notify.type(), notify.data().hex()).trim())
        .orElseThrow();
  }

  @Test
  void everyFaultHasItsNotify() {
    assertEquals("7", body(new IkeFault.InvalidSyntax()));
    assertEquals("1 c8", body(new IkeFault.UnsupportedCriticalPayload(200)));
    assertEquals("5", body(new IkeFault.InvalidMajorVersion()));
    assertEquals("4", body(new IkeFault.InvalidIkeSpi()));
    assertEquals("9 00000102", body(new IkeFault.InvalidMessageId(0x102)));
    assertEquals("14", body(new IkeFault.NoProposalChosen()));
    assertEquals("17 0013", body(new IkeFault.InvalidKeyExchange(KeyExchangeMethod.ECP_256)));
    assertEquals("24", body(new IkeFault.AuthenticationFailed()));
    assertEquals("35", body(new IkeFault.NoAdditionalSas()));
    assertEquals("43", body(new IkeFault.TemporaryFailure()));
    assertEquals("45", body(new IkeFault.InvalidGroupId()));
    assertEquals("46", body(new IkeFault.AuthorizationFailed()));
    assertEquals("49", body(new IkeFault.RegistrationFailed()));
  }

  @Test
  void decodersFaultsKeepTheirReason() {
    assertEquals(
        new IkeFault.UnsupportedCriticalPayload(200),
        IkeFault.of(new UnsupportedCriticalPayloadException(200)));
    assertEquals(
        new IkeFault.InvalidMajorVersion(), IkeFault.of(new UnsupportedVersionException(3)));
    assertEquals(new IkeFault.InvalidSyntax(), IkeFault.of(new MalformedMessageException("nonce")));
  }

  @Test
  void errorsAreToldFromStatus() {
    assertTrue(new IkeFault.InvalidSyntax().toNotify().isError());
    assertEquals(false, NotifyPayload.of(NotifyType.COOKIE, Bytes.of(1)).isError());
    NotifyPayload unknown = new NotifyPayload(0, Bytes.EMPTY, 8192, Bytes.EMPTY);
    assertEquals("notify 8192", unknown.typeName());
    assertTrue(unknown.isError());
  }
}
