package org.keyfleet.protocol.gikev2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.function.Function;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/** The four loops of every codec test over tables of hex. */
final class CodecLoops<T> {
  /** Reads all of a peer's octets. */
  interface Decoder<T> {
    T decode(Bytes octets) throws MalformedMessageException;
  }

  private final Decoder<T> decoder;
  private final Function<T, Bytes> encoder;

  CodecLoops(Decoder<T> decoder, Function<T, Bytes> encoder) {
    this.decoder = decoder;
    this.encoder = encoder;
  }

  /** What is read is written again octet by octet. */
  void reencodes(Map<String, String> good) throws MalformedMessageException {
    for (Map.Entry<String, String> entry : good.entrySet()) {
      Bytes octets = Bytes.fromHex(entry.getValue());
      assertEquals(octets.hex(), encoder.apply(decoder.decode(octets)).hex(), entry.getKey());
    }
  }

  /** A shortened input is refused, unless it ends between two substructures. */
  void truncationsFail(Map<String, String> good) {
    good.forEach(
        (name, hex) -> {
          Bytes octets = Bytes.fromHex(hex);
          int whole = 0;
          for (int size = 0; size < octets.size(); size++) {
            Bytes cut = octets.slice(0, size);
            try {
              assertEquals(cut.hex(), encoder.apply(decoder.decode(cut)).hex(), name);
              whole++;
            } catch (MalformedMessageException expected) {
              assertEquals(0, expected.getStackTrace().length, name);
            }
          }
          assertTrue(whole <= 3, name + ": " + whole + " truncations accepted");
        });
  }

  /** Each bad input {@code "name -> fault"} is refused for its fault, without a stack trace. */
  void badOnesFail(Map<String, String> bad) {
    bad.forEach(
        (name, hex) -> {
          MalformedMessageException fault =
              assertThrows(
                  MalformedMessageException.class, () -> decoder.decode(Bytes.fromHex(hex)), name);
          assertEquals(name.substring(name.indexOf("-> ") + 3), fault.getMessage());
          assertEquals(0, fault.getStackTrace().length, name);
        });
  }

  /** {@code toString} does not print long octet strings, which may be keys. */
  void toStringIsSafe(Map<String, String> good) throws MalformedMessageException {
    for (Map.Entry<String, String> entry : good.entrySet()) {
      String text = String.valueOf(decoder.decode(Bytes.fromHex(entry.getValue())));
      assertFalse(text.matches("(?s).*[0-9a-f]{40}.*"), entry.getKey() + ": " + text);
    }
  }
}
