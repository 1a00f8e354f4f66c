package org.keyfleet.hsm.pkcs11;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRecord;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.protocol.octets.Bytes;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Session;

/**
 * Our objects in the token. Names are looked up here and not in the token: a C_FindObjects costs
 * more than an unwrap, and the owner is the only one who makes our objects.
 */
final class ObjectIndex {
  /** Makes the reference of a key found in the token. */
  interface RefMaker {
    P11Key ref(KeyName name, KeyRole role, KeyLifetime lifetime, long handle);
  }

  /** An object of ours, whole or torn; {@code name} is null if it has none that we make. */
  private record Found(long handle, KeyRole role, @Nullable KeyName name) {}

  private static final long[] KEY_CLASSES = {
    PKCS11Constants.CKO_SECRET_KEY, PKCS11Constants.CKO_PRIVATE_KEY,
  };
  private static final long[] PUBLIC_CLASSES = {
    PKCS11Constants.CKO_PUBLIC_KEY, PKCS11Constants.CKO_CERTIFICATE,
  };

  private final TokenSession token;
  private final RefMaker refs;
  private final Map<KeyName, P11Key> keys = new LinkedHashMap<>();

  ObjectIndex(TokenSession token, RefMaker refs) {
    this.token = token;
    this.refs = refs;
  }

  /** Reads the persistent keys; what does not look as we make it is left out, as torn. */
  void load() throws CustodyException {
    token.work(
        "list the token's keys",
        CustodyFault.INTERNAL,
        session -> {
          for (Found found : persistent(session, KEY_CLASSES)) {
            KeyName name = found.name();
            if (name != null
                && ReadBack.of(session, found.handle(), found.role())
                    .fits(found.role(), KeyLifetime.PERSISTENT)) {
              keys.putIfAbsent(
                  name, refs.ref(name, found.role(), KeyLifetime.PERSISTENT, found.handle()));
            }
          }
          return true;
        });
  }

  Optional<P11Key> find(KeyName name) {
    return Optional.ofNullable(keys.get(name));
  }

  void requireFree(KeyName name) throws CustodyException {
    if (keys.containsKey(name)) {
      throw new CustodyException(CustodyFault.EXISTS, name + " exists");
    }
  }

  void add(P11Key key) {
    keys.put(key.name(), key);
  }

  void remove(P11Key key) {
    keys.remove(key.name());
  }

  /**
   * Every key of ours, looked up and asked in the token now, so that a session key that the index
   * forgot is listed too. Torn persistent ones are left out, as in {@link #load}.
   */
  List<KeyRecord> inventory() throws CustodyException {
    return token.work(
        "read the keys' attributes",
        CustodyFault.INTERNAL,
        session -> {
          List<KeyRecord> records = new ArrayList<>();
          for (Found found : all(session)) {
            KeyName name = found.name();
            if (name == null) {
              continue;
            }
            ReadBack read = ReadBack.of(session, found.handle(), found.role());
            if (!read.token() || isIndexed(found)) {
              KeyLifetime lifetime = read.token() ? KeyLifetime.PERSISTENT : KeyLifetime.SESSION;
              records.add(new KeyRecord(name, found.role(), lifetime, read.flags()));
            }
          }
          return List.copyOf(records);
        });
  }

  /** The persistent objects of the identity that are not its private key, and torn ones of it. */
  int destroyCompanions(KeyName identity, long... classes) throws CustodyException {
    return destroyIf(
        found -> found.role() == KeyRole.IDENTITY && identity.equals(found.name()), classes);
  }

  int destroyCompanions(KeyName identity) throws CustodyException {
    return destroyCompanions(identity, PUBLIC_CLASSES);
  }

  int retain(Set<KeyName> named) throws CustodyException {
    keys.values()
        .removeIf(key -> key.lifetime() == KeyLifetime.PERSISTENT && !named.contains(key.name()));
    int torn = sweep(found -> !isIndexed(found), KEY_CLASSES);
    return torn
        + sweep(found -> found.name() == null || !keys.containsKey(found.name()), PUBLIC_CLASSES);
  }

  private boolean isIndexed(Found found) {
    P11Key key = found.name() == null ? null : keys.get(found.name());
    return key != null && key.handle() == found.handle();
  }

  private int destroyIf(Predicate<Found> doomed, long... classes) throws CustodyException {
    return token.work(
        "clean up the token",
        CustodyFault.INTERNAL,
        session -> {
          int destroyed = 0;
          for (Found found : persistent(session, classes)) {
            if (doomed.test(found)) {
              session.destroyObject(found.handle());
              destroyed++;
            }
          }
          return destroyed;
        });
  }

  /** As {@link #destroyIf}, but one object that the token keeps does not keep the others. */
  private int sweep(Predicate<Found> doomed, long... classes) throws CustodyException {
    return token.work(
        "clean up the token",
        CustodyFault.INTERNAL,
        session -> {
          int destroyed = 0;
          for (Found found : persistent(session, classes)) {
            if (doomed.test(found) && destroyed(session, found)) {
              destroyed++;
            }
          }
          return destroyed;
        });
  }

  private static boolean destroyed(Session session, Found found) throws PKCS11Exception {
    try {
      session.destroyObject(found.handle());
      return true;
    } catch (PKCS11Exception e) {
      if (Ckr.fault(e.getErrorCode()).filter(CustodyFault.TOKEN_GONE::equals).isPresent()) {
        throw e;
      }
      String name = found.name() == null ? "a torn object" : found.name().toString();
      System.getLogger(ObjectIndex.class.getName())
          .log(System.Logger.Level.WARNING, "{0} stays in the token: {1}", name, e.getErrorName());
      return false;
    }
  }

  private static List<Found> all(Session session) throws PKCS11Exception {
    List<Found> found = new ArrayList<>();
    for (long keyClass : KEY_CLASSES) {
      add(found, session, new AttributeVector().class_(keyClass));
    }
    return found;
  }

  private static List<Found> persistent(Session session, long... classes) throws PKCS11Exception {
    List<Found> found = new ArrayList<>();
    for (long objectClass : classes) {
      add(found, session, new AttributeVector().class_(objectClass).token(true));
    }
    return found;
  }

  private static void add(List<Found> found, Session session, AttributeVector template)
      throws PKCS11Exception {
    for (long handle : session.findAllObjectsSingle(template)) {
      AttributeVector read =
          session.getAttrValues(handle, PKCS11Constants.CKA_LABEL, PKCS11Constants.CKA_ID);
      String label = read.label();
      byte[] id = read.id();
      if (label == null || !ObjectLabel.isOurs(label)) {
        continue;
      }
      Optional<ObjectLabel> parsed = ObjectLabel.parse(label);
      Optional<KeyName> name =
          parsed.flatMap(ours -> id == null ? Optional.empty() : ours.name(Bytes.copyOf(id)));
      found.add(
          new Found(handle, parsed.map(ObjectLabel::role).orElse(KeyRole.MAC), name.orElse(null)));
    }
  }
}
