package org.keyfleet.benchmarks.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The classes of one source folder by name, and whether one declares a method. */
final class SourceNames {
  private final Map<String, List<Path>> files = new HashMap<>();

  SourceNames(Path sources) throws IOException {
    for (Path file : Checkout.files(sources, ".java")) {
      String name = String.valueOf(file.getFileName()).replaceFirst("\\.java$", "");
      files.computeIfAbsent(name, any -> new ArrayList<>()).add(file);
    }
  }

  boolean hasClass(String name) {
    return files.containsKey(name);
  }

  /** Whether some class of this name declares {@code method}; a call alone does not count. */
  boolean hasMethod(String name, String method) throws IOException {
    Pattern declaration =
        Pattern.compile("^ {2}(?! )[^=;.]*[\\w>\\])] " + method + "\\(", Pattern.MULTILINE);
    for (Path file : files.getOrDefault(name, List.of())) {
      if (declaration.matcher(Files.readString(file)).find()) {
        return true;
      }
    }
    return false;
  }
}
