package org.keyfleet.hsm.pkcs11;

import java.security.SecureRandom;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.testkit.Wrapping;
import org.keyfleet.protocol.octets.Bytes;

/** Unwraps persistent keys under the root of zeros, one after the other, until it is killed. */
final class TornWriter {
  private static final KeyName ROOT = new KeyName("root", Bytes.of(1));

  private TornWriter() {}

  public static void main(String[] arguments) throws CustodyException {
    CustodyConfig config = new CustodyConfig.Pkcs11(Pkcs11Uri.parse(arguments[0]));
    KeyCustody custody = CustodyFactory.of(config, new SecureRandom());
    custody.open(arguments[1].toCharArray());
    KeyRef root = custody.find(ROOT).orElseThrow();
    Bytes wrapped = Wrapping.wrap(Bytes.copyOf(new byte[32]), Bytes.copyOf(new byte[32]));
    for (int serial = 0; ; serial++) {
      KeyName name = new KeyName("torn", Bytes.of(serial >> 8 & 0xff, serial & 0xff));
      custody.unwrap(root, wrapped, name, KeyRole.KEK_PARENT, KeyLifetime.PERSISTENT);
      System.out.println("made");
    }
  }
}
