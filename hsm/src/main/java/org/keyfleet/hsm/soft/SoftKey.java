package org.keyfleet.hsm.soft;

import java.util.EnumSet;
import java.util.Set;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.IdentityAlgorithm;
import org.keyfleet.hsm.KeyFlag;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/** A key of the soft store; owns its octets. */
final class SoftKey implements AutoCloseable {
  final KeyName name;
  final KeyRole role;
  final KeyLifetime lifetime;

  /** The key, or the private key of an identity. */
  final SecretBytes value;

  /** What kind of identity; null for other roles. */
  final @Nullable IdentityAlgorithm algorithm;

  Bytes certificate = Bytes.EMPTY;

  /** Keyed once: a key server asks its group's master for every key of a tree. */
  private @Nullable HMac hmac;

  SoftKey(
      KeyName name,
      KeyRole role,
      KeyLifetime lifetime,
      SecretBytes value,
      @Nullable IdentityAlgorithm algorithm) {
    this.name = name;
    this.role = role;
    this.lifetime = lifetime;
    this.value = value;
    this.algorithm = algorithm;
  }

  /** What a token would say of a key of this role; this process keeps to it. */
  Set<KeyFlag> flags() {
    Set<KeyFlag> flags = EnumSet.of(KeyFlag.SENSITIVE);
    switch (role) {
      case KEK_PARENT -> {
        flags.add(KeyFlag.UNWRAP);
        if (lifetime == KeyLifetime.PERSISTENT) {
          flags.add(KeyFlag.DERIVE);
        }
      }
      case CHAIN -> {
        flags.add(KeyFlag.UNWRAP);
        flags.add(KeyFlag.DERIVE);
      }
      case RELEASER -> flags.add(KeyFlag.UNWRAP);
      case MAC -> flags.add(KeyFlag.SIGN);
      case IDENTITY -> {
        flags.add(KeyFlag.SIGN);
        if (algorithm == IdentityAlgorithm.P256) {
          flags.add(KeyFlag.DERIVE);
        }
      }
    }
    return flags;
  }

  /** HMAC-SHA256 under this key. */
  byte[] hmac(Bytes message) {
    HMac keyed = hmac;
    if (keyed == null) {
      HMac fresh = new HMac(new SHA256Digest());
      value.run(octets -> fresh.init(new KeyParameter(octets)));
      hmac = fresh;
      keyed = fresh;
    }
    keyed.update(message.toArray(), 0, message.size());
    byte[] tag = new byte[keyed.getMacSize()];
    keyed.doFinal(tag, 0);
    return tag;
  }

  @Override
  public void close() {
    HMac keyed = hmac;
    if (keyed != null) {
      // overwrites what it keeps of the key
      keyed.init(new KeyParameter(new byte[1]));
      hmac = null;
    }
    value.close();
  }

  @Override
  public String toString() {
    return name + " " + role + " " + lifetime;
  }
}
