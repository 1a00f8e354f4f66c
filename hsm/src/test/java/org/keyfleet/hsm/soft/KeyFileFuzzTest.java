package org.keyfleet.hsm.soft;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/** A damaged or hostile key file is refused, outside its seal and inside. */
@Tag("fuzz")
final class KeyFileFuzzTest {
  @FuzzTest
  void sealed(byte[] octets) {
    Bytes file = Bytes.copyOf(octets);
    try {
      SealedStore store = SealedStore.parse(file, new PinSeal(new char[0], new SecureRandom()));
      assertEquals(file, Bytes.concat(store.header(), store.ciphertext()));
      assertEquals(store.seal().headerOctets(), store.sealHeader().size());
      PinSeal.cost(store.sealHeader());
    } catch (CustodyException refused) {
      assertEquals(CustodyFault.INTERNAL, refused.fault());
    }
  }

  @FuzzTest
  void content(byte[] octets) {
    try (SecretBytes content = SecretBytes.takeFrom(octets.clone())) {
      List<SoftKey> keys = StoreCodec.decode(content);
      try (SecretBytes again = StoreCodec.encode(keys)) {
        assertEquals(Bytes.copyOf(octets), again.use(Bytes::copyOf));
      } finally {
        keys.forEach(SoftKey::close);
      }
    } catch (CustodyException refused) {
      assertEquals(CustodyFault.INTERNAL, refused.fault());
    }
  }
}
