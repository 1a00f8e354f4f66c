package org.keyfleet.agent.group;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Linux's CLOCK_BOOTTIME, which goes on in suspend, as /proc/uptime shows it: in hundredths. */
record BootClock(Path file) implements Supplier<OptionalLong> {
  private static final int NANOS_DIGITS = 9;

  BootClock() {
    this(Path.of("/proc/uptime"));
  }

  /** Nanoseconds since the machine started; empty where nobody knows. */
  @Override
  public OptionalLong get() {
    try {
      String seconds = Files.readString(file, StandardCharsets.US_ASCII).split(" ", 2)[0];
      return OptionalLong.of(new BigDecimal(seconds).movePointRight(NANOS_DIGITS).longValueExact());
    } catch (IOException | ArithmeticException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
