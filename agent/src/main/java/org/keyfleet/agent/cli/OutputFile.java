package org.keyfleet.agent.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file that a command is to write. */
final class OutputFile {
  private OutputFile() {}

  /** Refuses one that cannot be written, before the command has done anything. */
  static void require(Optional<Path> file, String option) throws CommandFailedException {
    Path directory = file.map(path -> path.toAbsolutePath().getParent()).orElse(null);
    if (directory != null && !Files.isWritable(directory)) {
      throw new CommandFailedException(
          ExitCode.USAGE, directory + " is no directory to write to; correct " + option);
    }
  }
}
