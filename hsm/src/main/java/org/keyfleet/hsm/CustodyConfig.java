package org.keyfleet.hsm;

import java.nio.file.Path;
import java.util.Optional;
import org.keyfleet.hsm.pkcs11.Pkcs11Uri;
import org.keyfleet.hsm.smartcard.CardCustody;
import org.keyfleet.hsm.smartcard.CardReader;
import org.keyfleet.protocol.octets.Bytes;

/** Which custody to open. */
public sealed interface CustodyConfig {
  /** Keys in host memory and in one encrypted file. */
  record Soft(Path file) implements CustodyConfig {}

  /**
   * Keys in a PKCS#11 token.
   *
   * @param uri names the library ({@code module-path}) and the token ({@code token}, {@code
   *     serial}, {@code manufacturer}, {@code model}, {@code slot-id}: as many as tell it apart)
   * @param lastPinTry whether a PIN is tried also when the token locks after it if it is wrong; no
   *     for a program that takes the PIN from a file
   * @param keyFile where the keys lie that a token of level {@link CustodyLevel#TOKEN_ROOTED} does
   *     not keep itself; without it such a token has identities only
   */
  record Pkcs11(Pkcs11Uri uri, boolean lastPinTry, Optional<Path> keyFile)
      implements CustodyConfig {
    /** A token that keeps all keys itself. */
    public Pkcs11(Pkcs11Uri uri, boolean lastPinTry) {
      this(uri, lastPinTry, Optional.empty());
    }

    /** A token whose PIN a person gives. */
    public Pkcs11(Pkcs11Uri uri) {
      this(uri, true);
    }
  }

  /**
   * Keys in a Java Card with our applet.
   *
   * @param lastPinTry whether a PIN is tried also when the card locks after it if it is wrong; no
   *     for a program that takes the PIN from a file
   */
  record Card(CardReader reader, Bytes aid, boolean lastPinTry) implements CustodyConfig {
    /** The applet under its usual name. */
    public Card(CardReader reader, boolean lastPinTry) {
      this(reader, CardCustody.AID, lastPinTry);
    }
  }
}
