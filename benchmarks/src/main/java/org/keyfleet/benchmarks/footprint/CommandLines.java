package org.keyfleet.benchmarks.footprint;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a running Java program was started, so that another can be started the same way. */
final class CommandLines {
  private CommandLines() {}

  /**
   * The command of the program {@code pid} with {@code main} instead of its main class: same
   * virtual machine, same options, same class path with {@code classes} behind it.
   */
  static List<String> like(long pid, String itsMain, String main, Path classes) throws IOException {
    List<String> command = new ArrayList<>();
    List<String> words = words(Path.of("/proc/" + pid + "/cmdline"));
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals(itsMain)) {
        command.add(main);
        return command;
      }
      boolean classPath = i > 0 && words.get(i - 1).equals("-cp");
      command.add(classPath ? word + File.pathSeparator + classes : word);
    }
    throw new IOException("process " + pid + " does not run " + itsMain + ": " + words);
  }

  /** The value of an environment variable of the program. */
  static String environment(long pid, String name) throws IOException {
    for (String entry : words(Path.of("/proc/" + pid + "/environ"))) {
      if (entry.startsWith(name + "=")) {
        return entry.substring(name.length() + 1);
      }
    }
    throw new IOException("process " + pid + " has no variable " + name);
  }

  private static List<String> words(Path file) throws IOException {
    return List.of(Files.readString(file, StandardCharsets.UTF_8).split("\0", -1));
  }
}
