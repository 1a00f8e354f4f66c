package org.keyfleet.hsm.pkcs11;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.xipki.pkcs11.wrapper.ModuleInfo;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.PKCS11Module;
import org.xipki.pkcs11.wrapper.Slot;
import org.xipki.pkcs11.wrapper.Token;
import org.xipki.pkcs11.wrapper.TokenException;
import org.xipki.pkcs11.wrapper.TokenInfo;

/**
 * A PKCS#11 library of this process. Initialisation belongs to the process and not to a token, so
 * it is counted here; and a token is open once, because its login is shared by all sessions and a
 * second one would not see its PIN checked.
 */
final class Pkcs11Library {
  /** Never unloaded: the wrapper disconnects a library that the garbage collector takes. */
  private static final Map<Path, Pkcs11Library> LOADED = new HashMap<>();

  /** The wrapper unpacks its native part there. */
  private static final String TEMPORARY = System.getProperty("java.io.tmpdir", "/tmp");

  private final Path path;
  private final PKCS11Module module;
  private final Set<Long> openSlots = new HashSet<>();
  private int users;
  private int generation;

  private Pkcs11Library(Path path, PKCS11Module module) {
    this.path = path;
    this.module = module;
  }

  /** Loads the library if it is not, and initialises it for its first user. */
  static Pkcs11Library acquire(Pkcs11Uri uri) throws CustodyException {
    String name =
        uri.modulePath()
            .orElseThrow(
                () ->
                    new CustodyException(
                        CustodyFault.TOKEN_GONE, "which library? set module-path in " + uri));
    Pkcs11Library library;
    synchronized (LOADED) {
      library = load(Path.of(name));
    }
    library.enter();
    return library;
  }

  private static Pkcs11Library load(Path name) throws CustodyException {
    if (!Files.isReadable(name)) {
      throw new CustodyException(
          CustodyFault.TOKEN_GONE, "no PKCS#11 library " + name + ": install it (softhsm2?)");
    }
    try {
      Path path = name.toRealPath();
      Pkcs11Library library = LOADED.get(path);
      if (library == null) {
        library = new Pkcs11Library(path, NativeWrapper.load(path));
        LOADED.put(path, library);
      }
      return library;
    } catch (IOException e) {
      throw new CustodyException(
          CustodyFault.TOKEN_GONE,
          name + " does not load: is it a PKCS#11 library, and " + TEMPORARY + " writable?",
          e); // the loader's own text may hold octets of no meaning
    }
  }

  private synchronized void enter() throws CustodyException {
    if (users == 0) {
      initialize();
    }
    users++;
  }

  /** Ends one user's part; the last one finalises the library. */
  synchronized void release() {
    users--;
    if (users == 0) {
      finish();
    }
  }

  /**
   * Finalises and initialises anew, which is what brings some tokens back. Left out while another
   * custody of this process uses the library: it would lose its sessions.
   */
  synchronized void restart() throws CustodyException {
    if (users == 1) {
      finish();
      initialize();
    }
  }

  /** Changes with each initialisation; handles of an earlier one mean nothing any more. */
  synchronized int generation() {
    return generation;
  }

  PKCS11Module module() {
    return module;
  }

  /** Marks the slot as open. */
  synchronized void claim(Token token) throws CustodyException {
    if (!openSlots.add(token.getTokenID())) {
      throw new CustodyException(
          CustodyFault.POLICY, "the token is open already in this process: one custody a token");
    }
  }

  synchronized void unclaim(Token token) {
    openSlots.remove(token.getTokenID());
  }

  /** The one token that the URI matches. */
  Token token(Pkcs11Uri uri) throws CustodyException {
    List<Token> found = new ArrayList<>();
    for (Slot slot : slots()) {
      Token token = slot.getToken();
      if (token != null && matches(uri, token)) {
        found.add(token);
      }
    }
    if (found.isEmpty()) {
      throw new CustodyException(
          CustodyFault.TOKEN_GONE, "no token " + uri + ": make one with init, or plug it in");
    }
    if (found.size() > 1) {
      throw new CustodyException(
          CustodyFault.TOKEN_GONE, found.size() + " tokens match " + uri + ": add its serial");
    }
    return found.get(0);
  }

  /** The slots that hold a token, initialised or not. */
  Slot[] slots() throws CustodyException {
    try {
      return module.getSlotList(true);
    } catch (PKCS11Exception e) {
      throw new CustodyException(
          CustodyFault.TOKEN_GONE, e.getErrorCode(), "cannot list the slots of " + path, e);
    }
  }

  /** How tokens behind this library differ from the standard. */
  Set<Quirk> quirks() throws CustodyException {
    try {
      ModuleInfo info = module.getInfo();
      return KnownTokens.quirks(
          info.getManufacturerID().strip(), info.getLibraryDescription().strip());
    } catch (TokenException e) {
      throw new CustodyException(CustodyFault.TOKEN_GONE, path + " does not describe itself", e);
    }
  }

  static Optional<TokenInfo> info(Token token) {
    try {
      return Optional.of(token.getTokenInfo());
    } catch (PKCS11Exception e) {
      return Optional.empty(); // taken out between the list and the question
    }
  }

  private static boolean matches(Pkcs11Uri uri, Token token) {
    return info(token)
        .filter(TokenInfo::isTokenInitialized)
        .filter(info -> same(uri.token(), info.getLabel()))
        .filter(info -> fitsBesideLabel(uri, token, info))
        .isPresent();
  }

  /** Whether all that the URI says fits the token, but for the label, which a blank one lacks. */
  static boolean fitsBesideLabel(Pkcs11Uri uri, Token token, TokenInfo info) {
    return same(uri.serial(), info.getSerialNumber())
        && same(uri.manufacturer(), info.getManufacturerID())
        && same(uri.model(), info.getModel())
        && uri.slotId().map(id -> id == token.getTokenID()).orElse(true);
  }

  /** PKCS#11 pads these fields with blanks. */
  private static boolean same(Optional<String> wanted, String actual) {
    return wanted.map(text -> text.equals(actual.strip())).orElse(true);
  }

  private void initialize() throws CustodyException {
    try {
      module.initialize();
    } catch (PKCS11Exception e) {
      if (e.getErrorCode() != PKCS11Constants.CKR_CRYPTOKI_ALREADY_INITIALIZED) {
        throw new CustodyException(
            CustodyFault.TOKEN_GONE, e.getErrorCode(), "cannot initialise " + path, e);
      }
    }
    generation++;
  }

  private void finish() {
    openSlots.clear();
    try {
      module.finalize(null);
    } catch (PKCS11Exception e) {
      System.getLogger(Pkcs11Library.class.getName())
          .log(System.Logger.Level.DEBUG, "finalising {0}: {1}", path, e.getErrorName());
    }
  }
}
