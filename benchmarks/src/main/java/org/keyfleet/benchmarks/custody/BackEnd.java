package org.keyfleet.benchmarks.custody;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.KeyCustody;

/**
 * A back end to be measured, each in a process of its own. Another one is another class here and a
 * line in {@link #all}; one of PKCS#11 is measured beside C by itself.
 */
public interface BackEnd extends AutoCloseable {
  /** Of every store that is made; of digits, since openCryptoki's tools ask for such. */
  String PIN = "24681357";

  String name();

  /** Why it cannot be had on this machine, in words for the table; empty if it can. */
  default Optional<String> missing() {
    return Optional.empty();
  }

  /** Starts what stands beside it; gives what the process that uses it needs in its environment. */
  default Map<String, String> start(Path work) throws IOException {
    return Map.of();
  }

  /** Makes an empty store with {@link #PIN}; in the process that uses it. */
  CustodyConfig prepare(Path work, SecureRandom random) throws CustodyException;

  /** What {@link #prepare} makes, open. */
  default KeyCustody opened(Path work, SecureRandom random) throws CustodyException {
    KeyCustody custody = CustodyFactory.of(prepare(work, random), random);
    custody.open(PIN.toCharArray());
    return custody;
  }

  /** Ends what {@link #start} started. */
  @Override
  default void close() throws IOException {}

  static List<BackEnd> all() {
    return List.of(
        new SoftBackEnd(),
        new SoftHsmBackEnd(),
        new TpmBackEnd(),
        new OpenCryptokiBackEnd(),
        new CardBackEnd(),
        new PcscCardBackEnd());
  }

  static List<String> names() {
    return all().stream().map(BackEnd::name).toList();
  }

  static BackEnd named(String name) {
    return all().stream()
        .filter(backEnd -> backEnd.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no back end " + name));
  }
}
