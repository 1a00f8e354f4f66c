package org.keyfleet.benchmarks.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links within the documents lead somewhere, and the indices name every file. */
class LinksTest {
  private static final Pattern LINK =
      Pattern.compile("\\]\\(([^)\\s]+)\\)|(?:src|srcset)=\"([^\"]+)\"");
  private static final Pattern HEADING = Pattern.compile("^#+ +(.*)$", Pattern.MULTILINE);

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path document : documents()) {
      Matcher link = LINK.matcher(withoutCode(Files.readString(document)));
      while (link.find()) {
        String target = link.group(1) == null ? link.group(2) : link.group(1);
        links++;
        if (!target.matches("[a-z]+:.*") && !leadsSomewhere(document, target)) {
          broken.add(Checkout.root().relativize(document) + " -> " + target);
        }
      }
    }
    assertTrue(links > 30, links + " links");
    assertEquals(List.of(), broken);
  }

  @ParameterizedTest
  @ValueSource(strings = {"docs/decisions", "docs/manual"})
  void indexNamesEveryFile(String folder) throws IOException {
    Path directory = Checkout.root().resolve(folder);
    String index = Files.readString(directory.resolve("README.md"));
    List<String> unnamed = new ArrayList<>();
    for (Path file : Checkout.files(directory, ".md")) {
      String name = directory.relativize(file).toString();
      if (!name.equals("README.md") && !index.contains("(" + name + ")")) {
        unnamed.add(name);
      }
    }
    assertEquals(List.of(), unnamed);
  }

  private static List<Path> documents() throws IOException {
    List<Path> all = new ArrayList<>(Checkout.files(Checkout.root().resolve("docs"), ".md"));
    for (String name : List.of("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")) {
      all.add(Checkout.root().resolve(name));
    }
    return all;
  }

  private static boolean leadsSomewhere(Path document, String target) throws IOException {
    int hash = target.indexOf('#');
    String path = hash < 0 ? target : target.substring(0, hash);
    Path file = path.isEmpty() ? document : document.resolveSibling(path).normalize();
    if (!Files.exists(file) || hash < 0) {
      return Files.exists(file);
    }
    Matcher heading = HEADING.matcher(Files.readString(file));
    while (heading.find()) {
      if (anchor(heading.group(1)).equals(target.substring(hash + 1))) {
        return true;
      }
    }
    return false;
  }

  /** As the usual renderers make it: lower case, hyphens for blanks, nothing else but letters. */
  private static String anchor(String heading) {
    String plain = heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "");
    return plain.strip().replace(' ', '-');
  }

  private static String withoutCode(String markdown) {
    return markdown
        .replaceAll("(?ms)^```.*?^```", "")
        .replaceAll("(?m)^ {4}.*$", "")
        .replaceAll("`[^`\n]*`", "");
  }
}
