package org.keyfleet.hsm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * Tells whether a PIN file is still the one whose PIN the token refused: a wrong PIN that is tried
 * again and again locks the token. A mark is a MAC under a key of this process, since a PIN is
 * short enough to be found from its hash.
 */
public final class PinMark {
  private static final int KEY_OCTETS = 32;

  private final Path file;
  private final SecretBytes key;

  public PinMark(Path file, SecureRandom random) {
    this.file = file;
    this.key = SecretBytes.random(random, KEY_OCTETS);
  }

  /** The file as it is now: time, size, rights, content. One that cannot be read has a mark too. */
  public Bytes now() {
    byte[] content = new byte[0];
    try {
      long millis = Files.getLastModifiedTime(file).toMillis();
      long octets = Files.size(file);
      content = octets > PinSource.MAX_FILE_OCTETS ? new byte[0] : Files.readAllBytes(file);
      String rights = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
      return mac(Bytes.ofUtf8(millis + " " + octets + " " + rights + " ").toArray(), content);
    } catch (IOException e) {
      return Bytes.EMPTY;
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  private Bytes mac(byte[] head, byte[] content) {
    HMac mac = new HMac(new SHA256Digest());
    key.run(octets -> mac.init(new KeyParameter(octets)));
    mac.update(head, 0, head.length);
    mac.update(content, 0, content.length);
    byte[] mark = new byte[mac.getMacSize()];
    mac.doFinal(mark, 0);
    return Bytes.copyOf(mark);
  }
}
