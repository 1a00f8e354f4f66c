package org.keyfleet.transport.local;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDepthTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"command\":\"status\"}",
        "]]]}}}",
        "{\"payload\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"}",
        "{\"a\":\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"}",
        "[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]",
        "\"\\"
      })
  void whatCommandsLookLikeFits(String line) {
    assertTrue(JsonDepth.fits(line), line);
  }

  @Test
  void theLimitIsExact() {
    assertTrue(JsonDepth.fits("[".repeat(JsonDepth.MAX_LEVELS)));
    assertFalse(JsonDepth.fits("[".repeat(JsonDepth.MAX_LEVELS + 1)));
  }

  @Test
  void aLongLineOfBracketsDoesNotFit() {
    assertFalse(JsonDepth.fits("{\"a\":".repeat(10_000)));
    assertFalse(JsonDepth.fits("{\"a\\\\\":" + "[".repeat(32_000)));
  }
}
