package org.keyfleet.benchmarks.custody;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;

/**
 * A back end to be measured, each in a process of its own. Another one is another class here and a
 * line in {@link #all}; one of PKCS#11 is measured beside C by itself.
 */
interface BackEnd {
  /** Of every store that is made. */
  String PIN = "0815-bench";

  String name();

  /** What the process that uses it needs in its environment, before it starts. */
  Map<String, String> environment(Path work) throws IOException;

  /** Makes an empty store with {@link #PIN}; in the process that uses it. */
  CustodyConfig prepare(Path work, SecureRandom random) throws CustodyException;

  static List<BackEnd> all() {
    return List.of(new SoftBackEnd(), new SoftHsmBackEnd());
  }

  static BackEnd named(String name) {
    return all().stream()
        .filter(backEnd -> backEnd.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no back end " + name));
  }
}
