package org.keyfleet.agent.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The state directory belongs to one agent: two would write over each other's journals. The kernel
 * drops the lock with the process, however it ends.
 */
public final class StateLock implements AutoCloseable {
  private static final String FILE = "lock";

  private final FileChannel channel;

  private StateLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Makes the directory where it is missing, and takes it. */
  public static StateLock take(Path directory) throws StartException {
    try {
      Files.createDirectories(directory);
      FileChannel channel =
          FileChannel.open(
              directory.resolve(FILE),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      if (!isTaken(channel)) {
        return new StateLock(channel);
      }
      channel.close();
      throw new StartException(
          "another agent uses the state directory "
              + directory
              + ": stop it, or configure another directory");
    } catch (AccessDeniedException e) {
      throw new StartException(
          "no permission to write to the state directory "
              + directory
              + ": make this user its owner");
    } catch (IOException e) {
      throw new StartException(
          "the state directory "
              + directory
              + " cannot be made or written: correct agent.state-directory, look for space (df)");
    }
  }

  private static boolean isTaken(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock == null;
    } catch (OverlappingFileLockException e) {
      return true; // by this process
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // the process ends, and the lock with it
      return;
    }
  }
}
