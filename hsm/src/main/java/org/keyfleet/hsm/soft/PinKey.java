package org.keyfleet.hsm.soft;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * How hard it is to try a PIN: Argon2id (RFC 9106) with the parameters that stand in the file.
 *
 * @param memoryKib of one computation; 7 MiB fit the heap of a small device
 * @param passes over that memory
 * @param lanes computed side by side
 */
record PinKey(int memoryKib, int passes, int lanes) {
  /** OWASP's smallest memory with the passes that go with it, 2023. */
  static final PinKey DEFAULT = new PinKey(7168, 5, 1);

  static final int SALT_OCTETS = 16;

  private static final int MAX_MEMORY_KIB = 1 << 18;
  private static final int MAX_PASSES = 64;
  private static final int MAX_LANES = 16;
  private static final int MAX_UTF8_OCTETS = 3; // of one char; a pair of surrogates takes 4

  /** Refuses what a damaged or hostile file could ask of us, before any memory is taken. */
  PinKey requireBounded() throws CustodyException {
    if (memoryKib < 8 * lanes
        || memoryKib > MAX_MEMORY_KIB
        || passes < 1
        || passes > MAX_PASSES
        || lanes < 1
        || lanes > MAX_LANES) {
      throw new CustodyException(
          CustodyFault.INTERNAL, "key file: Argon2 parameters out of bounds: " + this);
    }
    return this;
  }

  SecretBytes of(char[] pin, Bytes salt) {
    byte[] room = new byte[pin.length * MAX_UTF8_OCTETS];
    ByteBuffer encoded = ByteBuffer.wrap(room);
    StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(pin), encoded, true);
    byte[] password = Arrays.copyOf(room, encoded.position());
    byte[] key = new byte[StoreSeal.KEY_OCTETS];
    try {
      Argon2BytesGenerator generator = new Argon2BytesGenerator();
      generator.init(
          new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
              .withVersion(Argon2Parameters.ARGON2_VERSION_13)
              .withMemoryAsKB(memoryKib)
              .withIterations(passes)
              .withParallelism(lanes)
              .withSalt(salt.toArray())
              .build());
      generator.generateBytes(password, key);
      return SecretBytes.takeFrom(key);
    } finally {
      Arrays.fill(room, (byte) 0);
      Arrays.fill(password, (byte) 0);
      Arrays.fill(key, (byte) 0);
    }
  }
}
