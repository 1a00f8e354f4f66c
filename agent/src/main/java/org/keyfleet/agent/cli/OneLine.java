package org.keyfleet.agent.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.keyfleet.hsm.CustodyException;

/** What the user reads of an exception: one line, whatever the exception holds. */
final class OneLine {
  private OneLine() {}

  static String of(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.replaceAll("\\s+", " ");
  }

  /** Without the word for programs that custody puts in front. */
  static String of(CustodyException e) {
    String text = of((Exception) e);
    String word = e.fault() + ": ";
    return text.startsWith(word) ? text.substring(word.length()) : text;
  }

  /** The JDK's file exceptions say little more than the file. */
  static String of(IOException e) {
    if (!(e instanceof FileSystemException file)) {
      return of((Exception) e);
    }
    if (e instanceof AccessDeniedException) {
      return file.getFile() + ": no permission; check owner and rights";
    }
    if (e instanceof NoSuchFileException) {
      return file.getFile() + ": no such file or directory; check the path";
    }
    if (e instanceof FileAlreadyExistsException) {
      return file.getFile() + ": is there and is no directory; move it away";
    }
    return file.getFile() + ": " + (file.getReason() == null ? "not usable" : file.getReason());
  }
}
