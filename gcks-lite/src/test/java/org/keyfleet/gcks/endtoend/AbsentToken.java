package org.keyfleet.gcks.endtoend;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;

/**
 * A custody that can be pulled out: then it answers nothing, until it is put back and recovered.
 */
final class AbsentToken {
  private static final Set<String> WITHOUT_TOKEN =
      Set.of("rekeyGate", "subsetKeys", "close", "capabilities", "toString");

  private final KeyCustody custody;
  private boolean absent;

  AbsentToken(KeyCustody real) {
    this.custody =
        (KeyCustody)
            Proxy.newProxyInstance(
                KeyCustody.class.getClassLoader(),
                new Class<?>[] {KeyCustody.class},
                (proxy, method, arguments) -> {
                  if (absent && !WITHOUT_TOKEN.contains(method.getName())) {
                    throw new CustodyException(CustodyFault.TOKEN_GONE, "the token was pulled out");
                  }
                  try {
                    return method.invoke(real, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
  }

  KeyCustody custody() {
    return custody;
  }

  void pullOut() {
    absent = true;
  }

  void putBack() {
    absent = false;
  }
}
