package org.keyfleet.hsm.soft;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * The content of the key file: a count (2 octets), then for each persistent key
 *
 * <pre>
 *   1 kind | 1+n label | 1+n id | 2+n key | 4+n certificate
 * </pre>
 */
final class StoreCodec {
  // kinds, ours
  private static final int KEK_PARENT = 1;
  private static final int RELEASER = 2;
  private static final int MAC = 3;
  private static final int IDENTITY_P256 = 4;
  private static final int IDENTITY_ED25519 = 5;

  private StoreCodec() {}

  static SecretBytes encode(Collection<SoftKey> keys) {
    ByteWriter out = new ByteWriter();
    try {
      out.u16(keys.size());
      for (SoftKey key : keys) {
        Bytes label = Bytes.ofUtf8(key.name.label());
        out.u8(kind(key)).u8(label.size()).bytes(label);
        out.u8(key.name.id().size()).bytes(key.name.id());
        out.u16(key.value.size());
        key.value.run(out::bytes);
        out.u32(key.certificate.size()).bytes(key.certificate);
      }
      return SecretBytes.takeFrom(out.toArray());
    } finally {
      out.wipe();
    }
  }

  /** Reads the keys where they lie: no copy of the content is left behind. */
  static List<SoftKey> decode(SecretBytes content) throws CustodyException {
    List<SoftKey> keys = new ArrayList<>();
    try {
      content.run(octets -> decode(ByteBuffer.wrap(octets), keys));
      return keys;
    } catch (BufferUnderflowException e) {
      keys.forEach(SoftKey::close);
      throw new CustodyException(CustodyFault.INTERNAL, "key file: cut short", e);
    } catch (IllegalArgumentException e) {
      keys.forEach(SoftKey::close);
      throw new CustodyException(CustodyFault.INTERNAL, "key file: " + e.getMessage(), e);
    }
  }

  private static void decode(ByteBuffer in, List<SoftKey> keys) {
    for (int left = Short.toUnsignedInt(in.getShort()); left > 0; left--) {
      decodeKey(in, keys);
    }
    if (in.hasRemaining()) {
      throw new IllegalArgumentException(in.remaining() + " octets too many");
    }
  }

  private static void decodeKey(ByteBuffer in, List<SoftKey> keys) {
    int kind = Byte.toUnsignedInt(in.get());
    KeyRole role = role(kind);
    String label = Bytes.copyOf(take(in, Byte.toUnsignedInt(in.get()))).utf8();
    KeyName name = new KeyName(label, Bytes.copyOf(take(in, Byte.toUnsignedInt(in.get()))));
    SecretBytes value = SecretBytes.takeFrom(take(in, Short.toUnsignedInt(in.getShort())));
    SoftKey key = new SoftKey(name, role, KeyLifetime.PERSISTENT, value, algorithm(kind));
    keys.add(key);
    key.certificate = Bytes.copyOf(take(in, in.getInt()));
  }

  private static byte[] take(ByteBuffer in, int count) {
    if (count < 0 || count > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] taken = new byte[count];
    in.get(taken);
    return taken;
  }

  private static int kind(SoftKey key) {
    return switch (key.role) {
      case KEK_PARENT -> KEK_PARENT;
      case CHAIN -> throw new IllegalStateException("a chain key is a session key");
      case RELEASER -> RELEASER;
      case MAC -> MAC;
      case IDENTITY ->
          key.algorithm == IdentityAlgorithm.ED25519 ? IDENTITY_ED25519 : IDENTITY_P256;
    };
  }

  private static KeyRole role(int kind) {
    return switch (kind) {
      case KEK_PARENT -> KeyRole.KEK_PARENT;
      case RELEASER -> KeyRole.RELEASER;
      case MAC -> KeyRole.MAC;
      case IDENTITY_P256, IDENTITY_ED25519 -> KeyRole.IDENTITY;
      default -> throw new IllegalArgumentException("kind: " + kind);
    };
  }

  private static @Nullable IdentityAlgorithm algorithm(int kind) {
    return switch (kind) {
      case IDENTITY_P256 -> IdentityAlgorithm.P256;
      case IDENTITY_ED25519 -> IdentityAlgorithm.ED25519;
      default -> null;
    };
  }
}
