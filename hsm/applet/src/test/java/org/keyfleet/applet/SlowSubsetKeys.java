package org.keyfleet.applet;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.keyfleet.protocol.octets.Bytes;

/**
 * Subset difference by the definition (docs/protocol-extensions.md), with the platform's AES: from
 * the label of each subtree's root down, however long that takes.
 */
final class SlowSubsetKeys {
  private final int height;

  SlowSubsetKeys(int height) {
    this.height = height;
  }

  int node(int leaf) {
    return (1 << height) + leaf;
  }

  static boolean isBelow(int node, int root) {
    int at = node;
    while (at > root) {
      at /= 2;
    }
    return at == root;
  }

  /** The label of a subtree's root: any secret will do; 0 is everybody's. */
  Bytes root(int i) {
    return sha256(Bytes.ofUtf8("label of " + i + " at height " + height));
  }

  Bytes label(int i, int j) {
    if (i == j) {
      return root(i);
    }
    return aes(label(i, j / 2), j % 2 == 0 ? "keyfleet sd 1 L" : "keyfleet sd 1 R");
  }

  Bytes key(int i, int j) {
    return aes(label(i, j), "keyfleet sd 1 M");
  }

  /** Of the rank of everybody. */
  Bytes key(long everybody) {
    if (everybody != 1) {
      throw new IllegalArgumentException("rank " + everybody);
    }
    return aes(root(0), "keyfleet sd 1 M");
  }

  /** What the member of a leaf holds: everybody's, then by i from the root down, then by depth. */
  List<Bytes> labels(int leaf) {
    List<Bytes> labels = new ArrayList<>(List.of(root(0)));
    List<Integer> path = new ArrayList<>();
    for (int at = node(leaf); at > 0; at /= 2) {
      path.add(0, at);
    }
    for (int top = 0; top < height; top++) {
      for (int below = top + 1; below <= height; below++) {
        int on = path.get(below);
        int off = on % 2 == 0 ? on + 1 : on - 1;
        labels.add(label(path.get(top), off));
      }
    }
    return labels;
  }

  private static Bytes aes(Bytes key, String what) {
    try {
      Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key.toArray(), "AES"));
      return Bytes.copyOf(cipher.doFinal(sha256(Bytes.ofUtf8(what)).toArray()));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static Bytes sha256(Bytes octets) {
    try {
      return Bytes.copyOf(MessageDigest.getInstance("SHA-256").digest(octets.toArray()));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
