package org.keyfleet.hsm;

import java.io.Console;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Set;

/** Where a PIN comes from, asked again at each open so that no copy has to stay in memory. */
@FunctionalInterface
public interface PinSource {
  /** The longest PIN that is read; tokens take fewer. */
  int MAX_CHARS = 255;

  /** The longest PIN file that is read. */
  long MAX_FILE_OCTETS = 4L * MAX_CHARS;

  /**
   * A fresh copy of the PIN, which the caller wipes.
   *
   * @throws CustodyException PIN if there is none to be had, with one line for the user
   */
  char[] pin() throws CustodyException;

  /** The first line of a file, which others than owner and group must not be able to read. */
  static PinSource file(Path file) {
    return () -> {
      byte[] octets = readAll(file);
      try {
        return firstLine(octets, "PIN file " + file);
      } finally {
        Arrays.fill(octets, (byte) 0);
      }
    };
  }

  /** An environment variable; it cannot be wiped, and the process's owner can read it. */
  static PinSource environment(String variable) {
    return () -> {
      String value = System.getenv(variable);
      if (value == null || value.isEmpty()) {
        throw new CustodyException(
            CustodyFault.PIN,
            "environment variable " + variable + " is unset or empty: set it to the PIN");
      }
      return value.toCharArray();
    };
  }

  /** Asks the user at the terminal. */
  static PinSource prompt(String what) {
    return () -> asked("PIN of " + what, what);
  }

  /** Asks the user at the terminal for a PIN to be, twice. */
  static PinSource promptNew(String what) {
    return () -> {
      char[] first = asked("New PIN of " + what, what);
      char[] second = new char[0];
      boolean same = false;
      try {
        second = asked("New PIN of " + what + " again", what);
        same = Arrays.equals(first, second);
        if (!same) {
          throw new CustodyException(
              CustodyFault.PIN, "the two new PINs differ, nothing has changed: try again");
        }
        return first;
      } finally {
        Arrays.fill(second, '\0');
        if (!same) {
          Arrays.fill(first, '\0');
        }
      }
    };
  }

  @SuppressWarnings("SystemConsoleNull") // from JDK 22 on the end of the input comes as null
  private static char[] asked(String question, String what) throws CustodyException {
    Console console = System.console();
    char[] pin = console == null ? null : console.readPassword("%s: ", question);
    if (pin == null || pin.length == 0) {
      throw new CustodyException(
          CustodyFault.PIN, "no PIN for " + what + ": give a PIN file, or run at a terminal");
    }
    return pin;
  }

  private static byte[] readAll(Path file) throws CustodyException {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
        throw new CustodyException(
            CustodyFault.PIN, "PIN file " + file + " is open to all: chmod o-rwx " + file);
      }
      if (Files.size(file) > MAX_FILE_OCTETS) {
        throw new CustodyException(CustodyFault.PIN, "PIN file " + file + " is too long");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new CustodyException(
          CustodyFault.PIN,
          "no PIN file " + file + ": write the PIN to it, or correct the path",
          e);
    } catch (IOException e) {
      throw new CustodyException(
          CustodyFault.PIN, "cannot read PIN file " + file + ": check owner and rights", e);
    }
  }

  private static char[] firstLine(byte[] octets, String what) throws CustodyException {
    int end = 0;
    while (end < octets.length && octets[end] != '\n' && octets[end] != '\r') {
      end++;
    }
    CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(octets, 0, end));
    try {
      char[] pin = Arrays.copyOf(decoded.array(), decoded.limit());
      if (pin.length == 0 || pin.length > MAX_CHARS) {
        throw new CustodyException(
            CustodyFault.PIN, what + " has no PIN on its first line: write it");
      }
      return pin;
    } finally {
      Arrays.fill(decoded.array(), '\0');
    }
  }
}
