package org.keyfleet.hsm.soft;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.protocol.octets.Bytes;

/**
 * The octets of the store on disk: read whole, replaced whole (write new, fsync, rename, fsync the
 * directory), so that a crash leaves the old file or the new one. A lock file beside it keeps a
 * second process out.
 */
final class SoftFile {
  /** Far more than any member needs; checked before reading. */
  static final int MAX_OCTETS = 4 << 20;

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path file;

  SoftFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  boolean exists() {
    return Files.exists(file);
  }

  void requireThere() throws CustodyException {
    if (!exists()) {
      throw missing(null);
    }
  }

  Bytes read() throws CustodyException {
    try {
      long size = Files.size(file);
      if (size > MAX_OCTETS) {
        throw new CustodyException(
            CustodyFault.INTERNAL,
            "key file " + file + " has " + size + " octets: not one of ours");
      }
      return Bytes.copyOf(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw missing(e);
    } catch (IOException e) {
      throw unreachable("read", e);
    }
  }

  void replace(Bytes content) throws CustodyException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(fresh);
      try (FileChannel out =
          FileChannel.open(
              fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY)) {
        ByteBuffer octets = ByteBuffer.wrap(content.toArray());
        while (octets.hasRemaining()) {
          out.write(octets);
        }
        out.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      syncDirectory();
    } catch (IOException e) {
      throw isFull(content.size())
          ? new CustodyException(
              CustodyFault.TOKEN_FULL, "the disk has no room for key file " + file, e)
          : unreachable("write", e);
    }
  }

  private boolean isFull(int octets) {
    try {
      return Files.getFileStore(file).getUsableSpace() < octets;
    } catch (IOException e) {
      return false;
    }
  }

  /** Holds the store for this process until the channel is closed. */
  FileChannel lock() throws CustodyException {
    try {
      FileChannel channel =
          FileChannel.open(
              file.resolveSibling(file.getFileName() + ".lock"),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              OWNER_ONLY);
      if (!tryLock(channel)) {
        channel.close();
        throw new CustodyException(
            CustodyFault.TOKEN_GONE, "key file " + file + " is in use: stop the other process");
      }
      return channel;
    } catch (IOException e) {
      throw unreachable("lock", e);
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private void syncDirectory() throws IOException {
    Path directory = file.getParent();
    if (directory != null) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private CustodyException missing(@Nullable Throwable cause) {
    return new CustodyException(
        CustodyFault.TOKEN_GONE, "no key file " + file + ": make one with init", cause);
  }

  private CustodyException unreachable(String what, IOException cause) {
    return new CustodyException(
        CustodyFault.TOKEN_GONE, "cannot " + what + " key file " + file + ": " + cause, cause);
  }
}
