package org.keyfleet.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FaultLogTest {
  private final List<String> lines = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong(7);
  private final FaultLog faults = new FaultLog(new Lines(), "group fleet", nanos::get);

  @Test
  void aLineNamesClassAndPlaceAndNeverTheMessage() {
    faults.caught(new IllegalStateException("canary"));
    String line = lines.get(0);
    assertTrue(line.startsWith("group fleet: java.lang.IllegalStateException at "), line);
    assertTrue(line.contains("FaultLogTest.aLineNames"), line);
    assertFalse(line.contains("canary"), line);
  }

  @Test
  void aFloodCostsALineEveryTenSeconds() {
    for (int i = 0; i < 1000; i++) {
      faults.caught(new IllegalStateException());
    }
    assertEquals(1, lines.size());
    nanos.addAndGet(10_000_000_000L);
    faults.caught(new IllegalStateException());
    assertEquals(2, lines.size());
    assertTrue(lines.get(1).endsWith("(and 999 faults before it)"), lines.get(1));
    assertEquals(1001, faults.count());
  }

  @Test
  void aFaultWithoutAStackHasNoPlace() {
    assertEquals(StackLess.class.getName(), FaultLog.describe(new StackLess()));
  }

  private static final class StackLess extends Error {
    private static final long serialVersionUID = 1L;

    StackLess() {
      super("", null, false, false);
    }
  }

  private final class Lines implements System.Logger {
    @Override
    public String getName() {
      return "lines";
    }

    @Override
    public boolean isLoggable(Level level) {
      return true;
    }

    @Override
    public void log(
        Level level, @Nullable ResourceBundle bundle, String text, @Nullable Throwable thrown) {
      lines.add(text);
    }

    @Override
    public void log(
        Level level, @Nullable ResourceBundle bundle, String format, @Nullable Object... values) {
      lines.add(format);
    }
  }
}
