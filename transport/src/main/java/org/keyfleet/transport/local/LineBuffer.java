package org.keyfleet.transport.local;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts a stream of octets into lines of UTF-8, none longer than a bound. */
final class LineBuffer {
  /** A line that is too long or is not UTF-8; the stream cannot be read on. */
  static final class BadLineException extends Exception {
    private static final long serialVersionUID = 1L;

    BadLineException(String message) {
      super(message, null, false, false);
    }
  }

  private static final int FIRST_OCTETS = 512;

  private final int maxLineOctets;
  private final ArrayDeque<String> lines = new ArrayDeque<>();
  private byte[] partial = new byte[FIRST_OCTETS];
  private int size;

  LineBuffer(int maxLineOctets) {
    this.maxLineOctets = maxLineOctets;
  }

  /** Takes all that remains in {@code from}. */
  void accept(ByteBuffer from) throws BadLineException {
    while (from.hasRemaining()) {
      byte octet = from.get();
      if (octet == '\n') {
        lines.add(text());
        size = 0;
      } else if (size == maxLineOctets) {
        throw new BadLineException("a line is longer than " + maxLineOctets + " octets");
      } else {
        if (size == partial.length) {
          partial = Arrays.copyOf(partial, Math.min(maxLineOctets, partial.length * 2));
        }
        partial[size++] = octet;
      }
    }
  }

  @Nullable String next() {
    return lines.poll();
  }

  private String text() throws BadLineException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(partial, 0, size))
          .toString();
    } catch (CharacterCodingException e) {
      throw new BadLineException("a line is not UTF-8");
    }
  }
}
