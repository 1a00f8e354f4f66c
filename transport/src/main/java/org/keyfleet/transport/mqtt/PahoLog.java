package org.keyfleet.transport.mqtt;

import java.util.ResourceBundle;
import org.eclipse.paho.mqttv5.client.logging.Logger;
import org.eclipse.paho.mqttv5.client.logging.LoggerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps Paho quiet: its own logger brings {@code java.util.logging} in, for messages that nobody
 * reads. What matters reaches us as exceptions and reason codes. Public, because Paho makes it by
 * name.
 */
@SuppressWarnings("exports") // of a package that is exported for others
public final class PahoLog implements Logger {
  static void install() {
    LoggerFactory.setLogger(PahoLog.class.getName());
  }

  @Override
  public void initialise(ResourceBundle messages, String loggerId, @Nullable String resource) {}

  @Override
  public void setResourceName(String resource) {}

  @Override
  public boolean isLoggable(int level) {
    return false;
  }

  @Override
  public void severe(String type, String method, String message) {}

  @Override
  public void severe(String type, String method, String message, Object[] inserts) {}

  @Override
  public void severe(
      String type, String method, String message, Object[] inserts, Throwable thrown) {}

  @Override
  public void warning(String type, String method, String message) {}

  @Override
  public void warning(String type, String method, String message, Object[] inserts) {}

  @Override
  public void warning(
      String type, String method, String message, Object[] inserts, Throwable thrown) {}

  @Override
  public void info(String type, String method, String message) {}

  @Override
  public void info(String type, String method, String message, Object[] inserts) {}

  @Override
  public void info(
      String type, String method, String message, Object[] inserts, Throwable thrown) {}

  @Override
  public void config(String type, String method, String message) {}

  @Override
  public void config(String type, String method, String message, Object[] inserts) {}

  @Override
  public void config(
      String type, String method, String message, Object[] inserts, Throwable thrown) {}

  @Override
  public void fine(String type, String method, String message) {}

  @Override
  public void fine(String type, String method, String message, Object[] inserts) {}

  @Override
  public void fine(
      String type, String method, String message, Object[] inserts, Throwable thrown) {}

  @Override
  public void finer(String type, String method, String message) {}

  @Override
  public void finer(String type, String method, String message, Object[] inserts) {}

  @Override
  public void finer(
      String type, String method, String message, Object[] inserts, Throwable thrown) {}

  @Override
  public void finest(String type, String method, String message) {}

  @Override
  public void finest(String type, String method, String message, Object[] inserts) {}

  @Override
  public void finest(
      String type, String method, String message, Object[] inserts, Throwable thrown) {}

  @Override
  public void log(
      int level, String type, String method, String message, Object[] inserts, Throwable thrown) {}

  @Override
  public void trace(
      int level, String type, String method, String message, Object[] inserts, Throwable thrown) {}

  @Override
  public String formatMessage(String message, Object[] inserts) {
    return message;
  }

  @Override
  public void dumpTrace() {}
}
