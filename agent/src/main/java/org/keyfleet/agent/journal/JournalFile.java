package org.keyfleet.agent.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.keyfleet.protocol.octets.Bytes;

/** The file under a journal: what returns is on the disk. */
final class JournalFile implements AutoCloseable {
  private final Path path;
  private FileChannel channel;

  private JournalFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  static JournalFile open(Path path) throws IOException {
    return new JournalFile(
        path, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  /** Makes the file, or replaces it in one step: after a crash the old or the new one is there. */
  static JournalFile replace(Path path, Bytes content) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException(path + " is no file");
    }
    Files.createDirectories(directory);
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      writeAll(out, content, 0);
      out.force(true);
    }
    try {
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException("the state directory must be on one file system", e);
    }
    try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
      entry.force(true);
    }
    return open(path);
  }

  /** The whole file. */
  Bytes read(int maxOctets) throws IOException {
    long size = channel.size();
    if (size > maxOctets) {
      throw new IOException(path + " is larger than " + maxOctets + " octets");
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) size);
    channel.position(0);
    int taken = 0;
    while (taken >= 0 && buffer.hasRemaining()) {
      taken = channel.read(buffer);
    }
    return Bytes.copyOf(buffer.array(), 0, buffer.position());
  }

  /** Cuts a torn tail off and returns when that is durable. */
  void truncate(long size) throws IOException {
    channel.truncate(size);
    channel.force(true);
  }

  /** Writes at {@code at}, the file's end, and returns when it is durable. */
  void append(long at, Bytes octets) throws IOException {
    writeAll(channel, octets, at);
    channel.force(false);
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // each write was forced before it counted as done: nothing is lost
      return;
    }
  }

  private static void writeAll(FileChannel out, Bytes content, long at) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(content.toArray());
    long position = at;
    while (buffer.hasRemaining()) {
      position += out.write(buffer, position);
    }
  }
}
