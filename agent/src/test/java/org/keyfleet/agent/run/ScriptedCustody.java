package org.keyfleet.agent.run;

import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;

/** A token of which only presence and login are played. */
final class ScriptedCustody {
  boolean alive = true;
  @Nullable CustodyFault recoverFault;
  long vendorCode = CustodyException.NO_CODE;
  int recoveries;
  final KeyCustody custody;

  ScriptedCustody() {
    this.custody =
        (KeyCustody)
            Proxy.newProxyInstance(
                KeyCustody.class.getClassLoader(),
                new Class<?>[] {KeyCustody.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "alive" -> alive;
                      case "recover" -> recover();
                      default -> throw new AssertionError("not played: " + method);
                    });
  }

  private @Nullable Object recover() throws CustodyException {
    recoveries++;
    if (recoverFault != null) {
      throw new CustodyException(recoverFault, vendorCode, "as the test wants", null);
    }
    alive = true;
    return null;
  }
}
