package org.keyfleet.testkit;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.protocol.octets.Bytes;

/**
 * Project Wycheproof vectors (C2SP/wycheproof, Apache-2.0), read from {@code
 * shared/vectors/wycheproof} next to the repository. They are not part of it: where they are
 * missing, the tests say so and have nothing to check.
 */
public final class Wycheproof {
  private static final Path FOLDER = Path.of("shared", "vectors", "wycheproof");

  private Wycheproof() {}

  /** One vector with the group it stands in. */
  public record Vector(String file, JsonObject group, JsonObject test) {
    /** A hex field of the vector. */
    public Bytes octets(String field) {
      return Bytes.fromHex(test.getString(field));
    }

    public boolean valid() {
      return test.getString("result").equals("valid");
    }

    /** Neither valid nor invalid: an implementation may choose. */
    public boolean acceptable() {
      return test.getString("result").equals("acceptable");
    }

    public boolean flagged(String flag) {
      return test.getArray("flags").contains(flag);
    }

    @Override
    public String toString() {
      return file + " tcId " + test.getInt("tcId") + " " + test.getString("comment");
    }
  }

  /** All vectors of {@code file}; none, with a note on stderr, when the file is not there. */
  public static List<Vector> vectors(String file) {
    Optional<Path> path = find(file);
    if (path.isEmpty()) {
      System.err.println(
          "*** NOT TESTED: " + file + " is missing; put C2SP/wycheproof's files into ../" + FOLDER);
      return List.of();
    }
    try {
      return read(file, path.get());
    } catch (IOException | JsonParserException e) {
      throw new IllegalStateException(file, e);
    }
  }

  private static List<Vector> read(String file, Path path) throws IOException, JsonParserException {
    JsonObject root = JsonParser.object().from(Files.readString(path));
    List<Vector> vectors = new ArrayList<>();
    for (Object group : root.getArray("testGroups")) {
      for (Object test : ((JsonObject) group).getArray("tests")) {
        vectors.add(new Vector(file, (JsonObject) group, (JsonObject) test));
      }
    }
    if (vectors.size() != root.getInt("numberOfTests")) {
      throw new IllegalStateException(file + ": " + vectors.size() + " vectors read");
    }
    return vectors;
  }

  /** Looks in the parents of the working directory for a sibling {@code shared}. */
  private static Optional<Path> find(String file) {
    Path at = Path.of("").toAbsolutePath();
    while (at != null) {
      Path candidate = at.resolve(FOLDER).resolve(file);
      if (Files.isRegularFile(candidate)) {
        return Optional.of(candidate);
      }
      at = at.getParent();
    }
    return Optional.empty();
  }
}
