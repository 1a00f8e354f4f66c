package org.keyfleet.benchmarks.member;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.keyfleet.hsm.KeyCustody;

/** A token that counts what it is asked for. */
final class CountingToken {
  private final Map<String, Integer> calls = new HashMap<>();
  private final KeyCustody counting;

  CountingToken(KeyCustody real) {
    this.counting =
        (KeyCustody)
            Proxy.newProxyInstance(
                KeyCustody.class.getClassLoader(),
                new Class<?>[] {KeyCustody.class},
                (proxy, method, arguments) -> {
                  calls.merge(method.getName(), 1, Integer::sum);
                  try {
                    return method.invoke(real, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause() == null ? e : e.getCause();
                  }
                });
  }

  KeyCustody custody() {
    return counting;
  }

  void reset() {
    calls.clear();
  }

  TokenWork work() {
    return new TokenWork(
        calls.getOrDefault("unwrap", 0),
        calls.getOrDefault("derive", 0),
        calls.getOrDefault("release", 0));
  }
}
