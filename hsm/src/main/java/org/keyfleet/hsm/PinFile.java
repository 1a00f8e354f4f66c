package org.keyfleet.hsm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * A PIN file whose PIN is replaced together with the token's. The new PIN is on the disk, in {@code
 * FILE.new}, before the token gets it, and takes the file's place afterwards: whenever a crash
 * comes, one of the two holds the PIN that the token has.
 */
public final class PinFile {
  private static final int MAX_UTF8_OCTETS = 3; // of one char; a pair of surrogates takes 4

  private final Path file;
  private final Path fresh;

  public PinFile(Path file) {
    this.file = followed(file);
    this.fresh = this.file.resolveSibling(this.file.getFileName() + ".new");
  }

  /** Whether a replacement was begun and not ended. */
  public boolean isPending() {
    return Files.exists(fresh);
  }

  /** The PIN of a replacement that was begun and not ended. */
  public PinSource pending() {
    return PinSource.file(fresh);
  }

  /** Puts the new PIN beside the file, durably, with the file's owner and rights. */
  public void stage(char[] pin) throws IOException {
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    byte[] room = new byte[pin.length * MAX_UTF8_OCTETS + 1];
    boolean staged = false;
    try {
      likeFile();
      ByteBuffer line = ByteBuffer.wrap(room);
      StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(pin), line, true);
      line.put((byte) '\n');
      ByteBuffer octets = line.flip();
      try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        while (octets.hasRemaining()) {
          out.write(octets);
        }
        out.force(true);
      }
      syncDirectory();
      staged = true;
    } finally {
      Arrays.fill(room, (byte) 0);
      if (!staged) {
        Files.deleteIfExists(fresh);
      }
    }
  }

  /** Lets the new PIN take the file's place; done already when another process finished it. */
  public void commit() throws IOException {
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException e) {
      return;
    }
    syncDirectory();
  }

  /** Drops a new PIN that the token did not get. */
  public void discard() throws IOException {
    Files.deleteIfExists(fresh);
  }

  @Override
  public String toString() {
    return file.toString();
  }

  /** Root may change the PIN of an agent that runs as somebody else and must read the file. */
  private void likeFile() throws IOException {
    PosixFileAttributes was = Files.readAttributes(file, PosixFileAttributes.class);
    PosixFileAttributeView is = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
    PosixFileAttributes made = is.readAttributes();
    if (!made.owner().equals(was.owner())) {
      is.setOwner(was.owner());
    }
    if (!made.group().equals(was.group())) {
      is.setGroup(was.group());
    }
    Set<PosixFilePermission> rights = EnumSet.of(PosixFilePermission.OWNER_READ);
    rights.addAll(was.permissions());
    is.setPermissions(rights);
  }

  private void syncDirectory() throws IOException {
    Path directory = file.getParent();
    if (directory != null) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** A link stays one: what it leads to is replaced. */
  private static Path followed(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      return file.toAbsolutePath();
    }
  }
}
