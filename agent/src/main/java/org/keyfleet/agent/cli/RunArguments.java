package org.keyfleet.agent.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The command line that a device starts its agent with, {@code run --config FILE}, read without
 * picocli: the agent keeps running, and so would picocli's two megabytes.
 */
final class RunArguments {
  private RunArguments() {}

  /**
   * The configuration's file when the arguments are {@code run} and at most {@code --config};
   * otherwise null, and picocli looks at them.
   */
  static @Nullable Path onlyConfig(String[] arguments, Path otherwise) {
    if (arguments.length == 0 || !arguments[0].equals("run")) {
      return null;
    }
    if (arguments.length == 1) {
      return otherwise;
    }
    boolean config = arguments[1].equals("--config") || arguments[1].equals("-c");
    if (arguments.length != 3 || !config || arguments[2].startsWith("-")) {
      return null;
    }
    try {
      return Path.of(arguments[2]);
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
