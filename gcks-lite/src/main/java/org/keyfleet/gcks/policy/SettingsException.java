package org.keyfleet.gcks.policy;

/** A configuration file cannot be used; the message is one line that says where and what to do. */
public final class SettingsException extends Exception {
  private static final long serialVersionUID = 1L;

  public SettingsException(String message) {
    super(message);
  }
}
