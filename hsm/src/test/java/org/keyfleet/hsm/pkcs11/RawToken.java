package org.keyfleet.hsm.pkcs11;

import java.util.ArrayList;
import java.util.List;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRole;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.Session;

/**
 * What code in our process sees that talks to the token past us: the login of the open custody
 * holds for its session too.
 */
final class RawToken implements AutoCloseable {
  private final Pkcs11Library library;
  final Session session;

  RawToken(CustodyConfig config) throws CustodyException, PKCS11Exception {
    Pkcs11Uri uri = ((CustodyConfig.Pkcs11) config).uri();
    library = Pkcs11Library.acquire(uri);
    session = library.token(uri).openSession(true);
  }

  long handle(KeyRole role, KeyName name) throws PKCS11Exception {
    AttributeVector template =
        new AttributeVector().label(ObjectLabel.of(role, name)).id(name.id().toArray());
    return session.findAllObjectsSingle(template)[0];
  }

  List<Long> handles() throws PKCS11Exception {
    List<Long> handles = new ArrayList<>();
    for (long handle : session.findAllObjectsSingle(new AttributeVector())) {
      handles.add(handle);
    }
    return handles;
  }

  @Override
  public void close() throws PKCS11Exception {
    session.closeSession();
    library.release();
  }
}
