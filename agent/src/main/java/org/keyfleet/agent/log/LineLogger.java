package org.keyfleet.agent.log;

import java.io.PrintStream;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** One line for a message: time in UTC, level, text. */
final class LineLogger implements System.Logger {
  private static final int MILLIS_PER_SECOND = 1000;

  private final String name;
  private final PrintStream out;

  LineLogger(String name, PrintStream out) {
    this.name = name;
    this.out = out;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public boolean isLoggable(Level level) {
    return level != Level.OFF && level.getSeverity() >= Level.INFO.getSeverity();
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String message,
      @Nullable Throwable thrown) {
    if (isLoggable(level)) {
      write(level, String.valueOf(message), thrown);
    }
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String format,
      @Nullable Object @Nullable ... values) {
    if (isLoggable(level)) {
      write(level, filled(String.valueOf(format), values), null);
    }
  }

  /** {0}, {1} and so on, which is all our messages use of MessageFormat. */
  private static String filled(String format, @Nullable Object @Nullable [] values) {
    String text = format;
    for (int i = 0; values != null && i < values.length; i++) {
      text = text.replace("{" + i + "}", String.valueOf(values[i]));
    }
    return text;
  }

  private void write(Level level, String text, @Nullable Throwable thrown) {
    long millis = System.currentTimeMillis();
    // LocalDateTime prints itself; the formatters of java.time would load half of java.text
    LocalDateTime time = LocalDateTime.ofEpochSecond(millis / MILLIS_PER_SECOND, 0, ZoneOffset.UTC);
    synchronized (out) {
      out.println(time + "Z " + level + " " + text);
      if (thrown != null) {
        thrown.printStackTrace(out);
      }
    }
  }
}
