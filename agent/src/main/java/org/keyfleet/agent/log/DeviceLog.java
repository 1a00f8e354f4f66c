package org.keyfleet.agent.log;

import java.lang.System.Logger;

/**
 * What {@link System#getLogger} gives on the device runtime: INFO and above, a line each, on
 * standard error. {@code java.util.logging} formats a line with a megabyte of classes that the
 * agent needs for nothing else (docs/decisions/0040). Only the runtime's jar names this service, so
 * elsewhere logging is configured as in every Java program.
 */
public final class DeviceLog extends System.LoggerFinder {
  @Override
  public Logger getLogger(String name, Module module) {
    return new LineLogger(name, System.err);
  }
}
