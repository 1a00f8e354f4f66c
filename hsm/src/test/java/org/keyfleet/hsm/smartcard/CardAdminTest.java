package org.keyfleet.hsm.smartcard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.TokenAdmin;
import org.keyfleet.hsm.TokenDescription;
import org.keyfleet.hsm.TokenFlag;

/** What a card says without a PIN, and how it gets another one. */
final class CardAdminTest {
  private static final String PIN = "4711-abc";
  private static final String NEXT_PIN = "0815-def";
  private static final String WRONG_PIN = "9999-xyz";

  private final SecureRandom random = new SecureRandom();

  @Test
  void cardDescribesItself() throws Exception {
    CustodyConfig blank = new CustodyConfig.Card(SimulatedReader.withBlankCard(), true);
    assertFalse(TokenAdmin.describe(blank).is(TokenFlag.INITIALISED));

    CustodyConfig card = CardFixtures.create(PIN);
    TokenDescription description = TokenAdmin.describe(card);
    assertTrue(description.is(TokenFlag.PIN_SET));
    assertEquals(16, description.serial().length());
    for (int i = 0; i < 4; i++) {
      assertEquals(CustodyFault.PIN, fault(() -> open(card, WRONG_PIN)));
    }
    assertTrue(TokenAdmin.describe(card).is(TokenFlag.PIN_FINAL_TRY));
    assertEquals(CustodyFault.PIN_LOCKED, fault(() -> open(card, WRONG_PIN)));
    assertTrue(TokenAdmin.describe(card).is(TokenFlag.PIN_LOCKED));
  }

  @Test
  void missingCardIsNamed() throws Exception {
    CustodyConfig card = CardFixtures.create(PIN);
    CardFixtures.reader(card).pull();
    assertEquals(CustodyFault.TOKEN_GONE, fault(() -> TokenAdmin.describe(card)));
  }

  @Test
  void pinChangesAndTheOldOneEnds() throws Exception {
    CustodyConfig card = CardFixtures.create(PIN);
    assertEquals(CustodyFault.PIN, fault(() -> change(card, WRONG_PIN, NEXT_PIN)));
    assertEquals(CustodyFault.PIN, fault(() -> change(card, PIN, "123")));
    open(card, PIN);
    change(card, PIN, NEXT_PIN);
    assertEquals(CustodyFault.PIN, fault(() -> open(card, PIN)));
    open(card, NEXT_PIN);
  }

  @Test
  void lastTryIsNotSpentWithoutAPerson() throws Exception {
    CustodyConfig.Card card = CardFixtures.create(PIN);
    for (int i = 0; i < 4; i++) {
      assertEquals(CustodyFault.PIN, fault(() -> change(card, WRONG_PIN, NEXT_PIN)));
    }
    CustodyConfig alone = new CustodyConfig.Card(card.reader(), false);
    assertEquals(CustodyFault.PIN_LAST_TRY, fault(() -> change(alone, WRONG_PIN, NEXT_PIN)));
    assertTrue(TokenAdmin.describe(card).is(TokenFlag.PIN_FINAL_TRY));
  }

  private void change(CustodyConfig card, String from, String to) throws CustodyException {
    TokenAdmin.changePin(card, from.toCharArray(), to.toCharArray(), random);
  }

  private void open(CustodyConfig card, String pin) throws CustodyException {
    try (KeyCustody custody = CustodyFactory.of(card, random)) {
      custody.open(pin.toCharArray());
    }
  }

  private interface Call {
    void run() throws CustodyException;
  }

  private static CustodyFault fault(Call call) {
    return assertThrows(CustodyException.class, call::run).fault();
  }
}
