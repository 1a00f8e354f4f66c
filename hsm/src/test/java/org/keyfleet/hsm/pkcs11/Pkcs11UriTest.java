package org.keyfleet.hsm.pkcs11;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7512; the examples of its section 3 that name tokens. */
final class Pkcs11UriTest {
  @Test
  void readsTokenAndLibrary() {
    Pkcs11Uri uri =
        Pkcs11Uri.parse(
            "pkcs11:token=The%20Software%20PKCS%2311%20Softtoken"
                + ";manufacturer=Snake%20Oil,%20Inc.;model=1.0;serial=a;slot-id=327"
                + "?module-path=/usr/lib/libpkcs11.so&pin-source=file:/etc/token_pin");
    assertEquals(Optional.of("The Software PKCS#11 Softtoken"), uri.token());
    assertEquals(Optional.of("Snake Oil, Inc."), uri.manufacturer());
    assertEquals(Optional.of("1.0"), uri.model());
    assertEquals(Optional.of("a"), uri.serial());
    assertEquals(Optional.of(327L), uri.slotId());
    assertEquals(Optional.of("/usr/lib/libpkcs11.so"), uri.modulePath());
    assertEquals(Optional.of("file:/etc/token_pin"), uri.pinSource());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pkcs11:",
        "pkcs11:token=member-7",
        "pkcs11:token=",
        "pkcs11:token=a%3Bb%2Fc%3Fd%23e%25f;serial=%C3%A9%20&x",
        "pkcs11:?module-path=/a/b?c|d%26e",
        "pkcs11:serial=1;token=2?pin-source=file:/p&module-path=/m",
      })
  void printsWhatItRead(String text) {
    Pkcs11Uri uri = Pkcs11Uri.parse(text);
    assertEquals(text, uri.toString());
    assertEquals(uri, Pkcs11Uri.parse(uri.toString()));
  }

  @Test
  void madeUriReadsBack() {
    Pkcs11Uri uri = Pkcs11Uri.ofToken("/lib/a&b c.so", "fleet; token?#1");
    assertEquals(uri, Pkcs11Uri.parse(uri.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "token=a",
        "PKCS11:token=a",
        "pkcs11:token",
        "pkcs11:=a",
        "pkcs11:token=a;token=b",
        "pkcs11:token=a%2",
        "pkcs11:token=a%zz",
        "pkcs11:token=a b",
        "pkcs11:token=a#b",
        "pkcs11:slot-id=x",
        "pkcs11:slot-id=",
        "pkcs11:tokn=a",
        "pkcs11:object=key",
        "pkcs11:id=%01",
        "pkcs11:module-path=/a",
        "pkcs11:?token=a",
        "pkcs11:?module-path=/a&module-path=/b",
      })
  void refusesWhatItDoesNotUse(String text) {
    assertThrows(IllegalArgumentException.class, () -> Pkcs11Uri.parse(text));
  }

  @Test
  void pinInTheUriIsRefusedAndNotShown() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Pkcs11Uri.parse("pkcs11:token=a?pin-value=secret-pin"));
    assertTrue(!String.valueOf(refused.getMessage()).contains("secret-pin"));
  }

  @Test
  void endlessUriIsRefused() {
    String text = "pkcs11:token=" + "a".repeat(4000);
    assertThrows(IllegalArgumentException.class, () -> Pkcs11Uri.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"file:/etc/pin", "file:///etc/pin", "file://localhost/etc/pin", "/etc/pin"})
  void pinSourceNamesAFile(String source) {
    Pkcs11Uri uri = Pkcs11Uri.parse("pkcs11:token=a?pin-source=" + source);
    assertEquals(Optional.of(Path.of("/etc/pin")), uri.pinFile());
    assertEquals(Optional.empty(), Pkcs11Uri.parse("pkcs11:token=a").pinFile());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "|/usr/lib/pinomatic",
        "file:pin",
        "file:",
        "file://other/etc/pin",
        "pin",
        "https://a/pin",
        "file:/a%00b",
        "pkcs11:token=b"
      })
  void pinSourceOfAnotherKindIsRefused(String source) {
    Pkcs11Uri uri = Pkcs11Uri.parse("pkcs11:token=a?pin-source=" + source);
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, uri::pinFile);
    assertTrue(String.valueOf(refused.getMessage()).contains("pin-source"));
  }

  @Test
  void libraryAndLabelCanBeAdded() {
    Pkcs11Uri uri = Pkcs11Uri.parse("pkcs11:serial=1?module-path=/a");
    assertEquals(Optional.of("/a"), uri.orModulePath("/b").modulePath());
    assertEquals(Optional.of("/b"), uri.withModulePath("/b").modulePath());
    assertEquals("pkcs11:serial=1;token=x?module-path=/a", uri.withToken("x").toString());
  }
}
