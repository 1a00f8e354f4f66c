package org.keyfleet.protocol.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;

class NameTextTest {
  @Test
  void ordinaryNamesStandAsTheyAre() {
    assertEquals(
        "CN=m1.example,O=Münster", NameText.of(new X500Principal("CN=m1.example,O=Münster")));
  }

  @Test
  void noNameStartsALineOrTurnsTheTextAround() {
    X500Principal name =
        new X500Principal("CN=\"a\nWARNING: all is well\r\u2028\u202e\u001b[31m\u0000\"");
    String shown = NameText.of(name);
    assertTrue(shown.chars().noneMatch(c -> c < ' ' || c == 0x2028 || c == 0x202e), shown);
    assertTrue(shown.startsWith("CN=a"), shown);
  }

  @Test
  void longNamesAreCut() {
    String shown = NameText.of(new X500Principal("CN=" + "x".repeat(5000)));
    assertEquals(203, shown.length());
  }
}
