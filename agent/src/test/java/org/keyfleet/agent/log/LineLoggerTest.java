package org.keyfleet.agent.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LineLoggerTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final LineLogger logger =
      new LineLogger("test", new PrintStream(written, true, StandardCharsets.UTF_8));

  @Test
  void lineHasTimeLevelAndText() {
    logger.log(Level.INFO, "ready");
    assertTrue(
        text().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d)?Z INFO ready\\R"), text());
  }

  @Test
  void debugIsNotWritten() {
    logger.log(Level.DEBUG, "detail");
    assertEquals("", text());
  }

  @Test
  void valuesAreFilledIn() {
    logger.log(Level.WARNING, "finalising {0}: {1}", "lib.so", 7);
    assertTrue(text().contains("WARNING finalising lib.so: 7"), text());
  }

  @Test
  void throwableFollowsItsLine() {
    logger.log(Level.ERROR, "fault", new IllegalStateException("why"));
    assertTrue(text().contains("ERROR fault"), text());
    assertTrue(text().contains("IllegalStateException: why"), text());
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }
}
