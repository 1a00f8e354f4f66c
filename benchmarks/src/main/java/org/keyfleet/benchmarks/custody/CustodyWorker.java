package org.keyfleet.benchmarks.custody;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyLevel;

/**
 * Measures one back end in its own process, whose environment is set. In each round all columns
 * have their turn, so that what else the machine does falls on all of them. A token that only roots
 * a key file has one column: its unwraps are no PKCS#11 calls.
 */
final class CustodyWorker {
  private CustodyWorker() {}

  /** BACK-END WORK RAW-SOURCE ROUNDS COUNT. */
  public static void main(String[] arguments)
      throws CustodyException, IOException, InterruptedException {
    Path work = Path.of(arguments[1]);
    int rounds = Integer.parseInt(arguments[3]);
    int count = Integer.parseInt(arguments[4]);
    SecureRandom random = new SecureRandom();
    CustodyConfig config = BackEnd.named(arguments[0]).prepare(work, random);
    CustodyCost custody = new CustodyCost(config, random);
    JsonObject found = new JsonObject();
    custody.round(count);
    if (config instanceof CustodyConfig.Pkcs11 pkcs11 && custody.level() == CustodyLevel.IN_TOKEN) {
      WrapperCost wrapper = new WrapperCost(pkcs11.uri());
      RawCost raw = RawCost.build(pkcs11.uri(), Path.of(arguments[2]), work);
      RawMechanism unwrapping = RawMechanism.ofNote(custody.wrapNote());
      wrapper.round(unwrapping, count);
      raw.round(unwrapping, count);
      for (int i = 1; i < rounds; i++) {
        custody.round(count);
        wrapper.round(unwrapping, count);
        raw.round(unwrapping, count);
      }
      found.put("wrapper", wrapper.cost().json());
      found.put("c", raw.cost().json());
    } else {
      for (int i = 1; i < rounds; i++) {
        custody.round(count);
      }
    }
    found.put("level", custody.level().name());
    found.put("keyfleet", custody.cost().json());
    Files.writeString(work.resolve(WorkerProcess.RESULT), JsonWriter.string(found));
  }
}
