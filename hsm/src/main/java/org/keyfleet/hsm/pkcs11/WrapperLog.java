package org.keyfleet.hsm.pkcs11;

import org.xipki.pkcs11.wrapper.Logger;
import org.xipki.pkcs11.wrapper.StaticLogger;

/**
 * Keeps the wrapper quiet: by default it prints to standard output, and its debug lines hold the
 * attributes of keys. What matters reaches us as exceptions.
 */
final class WrapperLog implements Logger {
  static void install() {
    StaticLogger.setLogger(new WrapperLog());
  }

  @Override
  public void info(String format, Object... arguments) {}

  @Override
  public void warn(String format, Object... arguments) {}

  @Override
  public void error(String format, Object... arguments) {}

  @Override
  public void debug(String format, Object... arguments) {}

  @Override
  public void trace(String format, Object... arguments) {}

  @Override
  public boolean isDebugEnabled() {
    return false;
  }

  @Override
  public boolean isInfoEnabled() {
    return false;
  }

  @Override
  public boolean isWarnEnabled() {
    return false;
  }

  @Override
  public boolean isTraceEnabled() {
    return false;
  }
}
