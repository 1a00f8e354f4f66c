package org.keyfleet.hsm.pkcs11;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.TokenDescription;
import org.keyfleet.hsm.TokenFlag;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.Slot;
import org.xipki.pkcs11.wrapper.Token;
import org.xipki.pkcs11.wrapper.TokenInfo;

/** The tokens behind a library, as they describe themselves; nobody logs in. */
public final class TokenList {
  private static final Map<TokenFlag, Long> FLAGS =
      Map.of(
          TokenFlag.INITIALISED, PKCS11Constants.CKF_TOKEN_INITIALIZED,
          TokenFlag.PIN_SET, PKCS11Constants.CKF_USER_PIN_INITIALIZED,
          TokenFlag.PIN_COUNT_LOW, PKCS11Constants.CKF_USER_PIN_COUNT_LOW,
          TokenFlag.PIN_FINAL_TRY, PKCS11Constants.CKF_USER_PIN_FINAL_TRY,
          TokenFlag.PIN_LOCKED, PKCS11Constants.CKF_USER_PIN_LOCKED,
          TokenFlag.PIN_TO_BE_CHANGED, PKCS11Constants.CKF_USER_PIN_TO_BE_CHANGED,
          TokenFlag.PROTECTED_AUTHENTICATION_PATH,
              PKCS11Constants.CKF_PROTECTED_AUTHENTICATION_PATH,
          TokenFlag.WRITE_PROTECTED, PKCS11Constants.CKF_WRITE_PROTECTED);

  private TokenList() {}

  /** Every token that the library at {@code module} shows, blank ones too. */
  public static List<TokenDescription> of(Path module) throws CustodyException {
    String path = module.toAbsolutePath().toString();
    Pkcs11Library library =
        Pkcs11Library.acquire(new Pkcs11Uri(Map.of(), Map.of("module-path", path)));
    try {
      List<TokenDescription> tokens = new ArrayList<>();
      for (Slot slot : library.slots()) {
        Token token = slot.getToken();
        Optional<TokenInfo> info = token == null ? Optional.empty() : Pkcs11Library.info(token);
        if (info.isPresent()) {
          tokens.add(description(path, slot.getSlotID(), info.get()));
        }
      }
      return List.copyOf(tokens);
    } finally {
      library.release();
    }
  }

  /** The one token that {@code uri} names. */
  public static TokenDescription describe(Pkcs11Uri uri) throws CustodyException {
    Pkcs11Library library = Pkcs11Library.acquire(uri);
    try {
      Token token = library.token(uri);
      TokenInfo info =
          Pkcs11Library.info(token)
              .orElseThrow(
                  () -> new CustodyException(CustodyFault.TOKEN_GONE, "the token was taken out"));
      return description(uri.modulePath().orElse(""), token.getTokenID(), info);
    } finally {
      library.release();
    }
  }

  private static TokenDescription description(String module, long slot, TokenInfo info) {
    Set<TokenFlag> flags = EnumSet.noneOf(TokenFlag.class);
    FLAGS.forEach(
        (flag, bit) -> {
          if (info.hasFlagBit(bit)) {
            flags.add(flag);
          }
        });
    Map<String, String> path = new LinkedHashMap<>();
    boolean initialised = flags.contains(TokenFlag.INITIALISED);
    put(path, "token", initialised ? info.getLabel() : "");
    put(path, "serial", initialised ? info.getSerialNumber() : "");
    put(path, "manufacturer", info.getManufacturerID());
    put(path, "model", info.getModel());
    if (!initialised) {
      path.put("slot-id", Long.toString(slot)); // a blank token has nothing else of its own
    }
    return new TokenDescription(
        path.getOrDefault("token", ""),
        path.getOrDefault("manufacturer", ""),
        path.getOrDefault("model", ""),
        path.getOrDefault("serial", ""),
        new Pkcs11Uri(path, Map.of("module-path", module)).toString(),
        flags);
  }

  /** PKCS#11 pads these fields with blanks. */
  private static void put(Map<String, String> path, String name, String padded) {
    String text = padded.strip();
    if (!text.isEmpty()) {
      path.put(name, text);
    }
  }
}
