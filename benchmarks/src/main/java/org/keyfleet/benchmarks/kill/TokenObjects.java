package org.keyfleet.benchmarks.kill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.PKCS11Module;
import org.xipki.pkcs11.wrapper.Session;
import org.xipki.pkcs11.wrapper.Slot;
import org.xipki.pkcs11.wrapper.Token;

/**
 * A process that lists every object of a PKCS#11 token, a line each, and shares no code with
 * Keyfleet's custody: library, label of the token, PIN file.
 */
final class TokenObjects {
  /** Begins each line that names an object. */
  static final String MARK = "object ";

  private TokenObjects() {}

  public static void main(String[] arguments) throws IOException, PKCS11Exception {
    PKCS11Module module = PKCS11Module.getInstance(arguments[0]);
    module.initialize();
    for (Slot slot : module.getSlotList(true)) {
      Token token = slot.getToken();
      if (token.getTokenInfo().getLabel().strip().equals(arguments[1])) {
        list(token, Files.readString(Path.of(arguments[2])).strip());
      }
    }
    module.finalize(null);
  }

  private static void list(Token token, String pin) throws PKCS11Exception {
    Session session = token.openSession(false);
    session.login(PKCS11Constants.CKU_USER, pin.toCharArray());
    for (long handle : session.findAllObjectsSingle(new AttributeVector())) {
      AttributeVector found =
          session.getAttrValues(
              handle, PKCS11Constants.CKA_CLASS, PKCS11Constants.CKA_LABEL, PKCS11Constants.CKA_ID);
      byte[] id = found.id();
      System.out.println(
          MARK
              + PKCS11Constants.ckoCodeToName(found.class_()).replace("CKO_", "")
              + " "
              + found.label()
              + "#"
              + HexFormat.of().formatHex(id == null ? new byte[0] : id));
    }
    session.closeSession();
  }
}
