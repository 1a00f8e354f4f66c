package org.keyfleet.gcks.enrolment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.keyfleet.protocol.octets.Bytes;

/** One object in a PEM file (RFC 7468). */
public final class PemFile {
  private static final long MAX_FILE_OCTETS = 1 << 20;
  private static final int LINE_CHARACTERS = 64;

  private PemFile() {}

  /** The first object of a kind, such as {@code CERTIFICATE}. */
  public static Bytes read(Path file, String kind) throws EnrolmentException {
    try {
      if (Files.size(file) > MAX_FILE_OCTETS) {
        throw new EnrolmentException(file + ": too large for a PEM file");
      }
      String text = Files.readString(file, StandardCharsets.US_ASCII);
      Matcher matcher =
          Pattern.compile(
                  "-----BEGIN " + kind + "-----([A-Za-z0-9+/=\\s]*)-----END " + kind + "-----")
              .matcher(text);
      if (!matcher.find()) {
        throw new EnrolmentException(file + ": no PEM block '" + kind + "' in it");
      }
      return Bytes.copyOf(Base64.getMimeDecoder().decode(matcher.group(1)));
    } catch (NoSuchFileException e) {
      throw new EnrolmentException(file + ": no such file");
    } catch (IOException | IllegalArgumentException e) {
      throw new EnrolmentException(file + ": cannot be read as PEM: " + e.getMessage());
    }
  }

  public static String text(String kind, Bytes der) {
    String base64 =
        Base64.getMimeEncoder(LINE_CHARACTERS, new byte[] {'\n'}).encodeToString(der.toArray());
    return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
  }

  /** Writes a file that everybody may read; an existing one is replaced. */
  public static void write(Path file, String kind, Bytes der) throws EnrolmentException {
    put(file, text(kind, der).getBytes(StandardCharsets.US_ASCII), "rw-r--r--");
  }

  /** Writes a private key that only its owner can read, and never over an existing file. */
  static void writePrivate(Path file, byte[] pkcs8) throws EnrolmentException {
    byte[] base64 = Base64.getMimeEncoder(LINE_CHARACTERS, new byte[] {'\n'}).encode(pkcs8);
    byte[] head = "-----BEGIN PRIVATE KEY-----\n".getBytes(StandardCharsets.US_ASCII);
    byte[] foot = "\n-----END PRIVATE KEY-----\n".getBytes(StandardCharsets.US_ASCII);
    byte[] pem = Arrays.copyOf(head, head.length + base64.length + foot.length);
    System.arraycopy(base64, 0, pem, head.length, base64.length);
    System.arraycopy(foot, 0, pem, head.length + base64.length, foot.length);
    try {
      put(file, pem, "rw-------", StandardOpenOption.CREATE_NEW);
    } finally {
      Arrays.fill(base64, (byte) 0);
      Arrays.fill(pem, (byte) 0);
    }
  }

  private static void put(Path file, byte[] octets, String mode, OpenOption... options)
      throws EnrolmentException {
    try {
      if (!Files.exists(file)) {
        Files.createFile(
            file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
      } else if (Set.of(options).contains(StandardOpenOption.CREATE_NEW)) {
        throw new EnrolmentException(file + ": exists already; nothing was changed");
      }
      Files.write(file, octets);
    } catch (IOException e) {
      throw new EnrolmentException(file + ": cannot be written: " + e.getMessage(), e);
    }
  }
}
