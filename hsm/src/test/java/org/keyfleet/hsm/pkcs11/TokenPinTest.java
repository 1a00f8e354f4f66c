package org.keyfleet.hsm.pkcs11;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.TokenAdmin;
import org.keyfleet.hsm.TokenDescription;
import org.keyfleet.hsm.TokenFlag;
import org.keyfleet.hsm.testkit.SoftHsm;

/** What a token says without a login, and its PIN replaced; in SoftHSM. */
final class TokenPinTest {
  private static final KeyName NAME = KeyName.of("identity");
  private final SecureRandom random = new SecureRandom();
  private Pkcs11Uri uri = new Pkcs11Uri(Map.of(), Map.of());

  @BeforeEach
  void make() throws Exception {
    uri = SoftHsm.newToken("pin", "123456".toCharArray());
  }

  @Test
  void theListNamesEachTokenByAUriThatFindsIt() throws Exception {
    List<TokenDescription> tokens = TokenList.of(Path.of(uri.modulePath().orElseThrow()));
    TokenDescription listed =
        tokens.stream().filter(t -> t.label().equals(label())).findFirst().orElseThrow();
    assertEquals(Set.of(TokenFlag.INITIALISED, TokenFlag.PIN_SET), listed.flags());
    assertEquals("SoftHSM v2", listed.model());
    assertEquals(16, listed.serial().length());
    assertEquals(listed, TokenList.describe(Pkcs11Uri.parse(listed.uri())));
    assertEquals(listed, TokenAdmin.describe(new CustodyConfig.Pkcs11(uri)));
    TokenDescription blank =
        tokens.stream().filter(t -> !t.is(TokenFlag.INITIALISED)).findFirst().orElseThrow();
    assertEquals("", blank.label());
    assertTrue(blank.uri().contains("slot-id="), blank.uri());
  }

  @Test
  void theNewPinOpensWhatTheOldOneDid() throws Exception {
    try (KeyCustody custody = opened("123456")) {
      custody.generateIdentity(NAME, IdentityAlgorithm.P256);
    }
    change("123456", "abcdef");
    assertFault(CustodyFault.PIN, () -> opened("123456").close());
    try (KeyCustody custody = opened("abcdef")) {
      assertTrue(custody.find(NAME).isPresent());
    }
  }

  @Test
  void aWrongOldPinAndANewOneOfNoLengthChangeNothing() throws Exception {
    CustodyException wrong = assertFault(CustodyFault.PIN, () -> change("999999", "abcdef"));
    assertTrue(String.valueOf(wrong.getMessage()).contains("few tries are left"));
    assertFalse(String.valueOf(wrong.getMessage()).contains("999999"));
    assertTrue(TokenList.describe(uri).is(TokenFlag.PIN_COUNT_LOW));
    assertFault(CustodyFault.PIN, () -> change("123456", "abc"));
    opened("123456").close();
  }

  @Test
  void initialisingWhatAUriNamesLeavesAnInitialisedTokenAlone() throws Exception {
    TokenDescription made = TokenList.describe(uri);
    Pkcs11Uri sameSerial = Pkcs11Uri.parse(made.uri()).withToken("another");
    char[] pin = "000000".toCharArray();
    CustodyException refused =
        assertFault(
            CustodyFault.EXISTS, () -> TokenInit.initialize(sameSerial, pin.clone(), pin.clone()));
    assertTrue(String.valueOf(refused.getMessage()).contains(label()), refused.getMessage());
    opened("123456").close();
  }

  private void change(String from, String to) throws CustodyException {
    TokenAdmin.changePin(
        new CustodyConfig.Pkcs11(uri), from.toCharArray(), to.toCharArray(), random);
  }

  private KeyCustody opened(String pin) throws CustodyException {
    KeyCustody custody = CustodyFactory.of(new CustodyConfig.Pkcs11(uri), random);
    custody.open(pin.toCharArray());
    return custody;
  }

  private String label() {
    return uri.token().orElseThrow();
  }

  private static CustodyException assertFault(CustodyFault fault, Executable call) {
    CustodyException thrown = assertThrows(CustodyException.class, call);
    assertEquals(fault, thrown.fault(), thrown.getMessage());
    return thrown;
  }
}
