package org.keyfleet.benchmarks.fleet;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.xipki.pkcs11.wrapper.AttributeVector;
import org.xipki.pkcs11.wrapper.PKCS11Constants;
import org.xipki.pkcs11.wrapper.PKCS11Exception;
import org.xipki.pkcs11.wrapper.PKCS11Module;
import org.xipki.pkcs11.wrapper.Session;
import org.xipki.pkcs11.wrapper.Slot;
import org.xipki.pkcs11.wrapper.Token;

/**
 * A second process at the token of an agent that runs. It shares no code with Keyfleet's custody,
 * and lists every object of the token, whoever made it, with its attributes.
 */
public final class TokenWitness {
  private static final long[] ATTRIBUTES = {
    PKCS11Constants.CKA_TOKEN,
    PKCS11Constants.CKA_PRIVATE,
    PKCS11Constants.CKA_SENSITIVE,
    PKCS11Constants.CKA_EXTRACTABLE,
    PKCS11Constants.CKA_MODIFIABLE,
    PKCS11Constants.CKA_ENCRYPT,
    PKCS11Constants.CKA_DECRYPT,
    PKCS11Constants.CKA_WRAP,
    PKCS11Constants.CKA_UNWRAP,
    PKCS11Constants.CKA_SIGN,
    PKCS11Constants.CKA_VERIFY,
    PKCS11Constants.CKA_DERIVE,
  };

  /**
   * An object of the token.
   *
   * @param id in hex
   * @param attributes those that are true, without their CKA_; VALUE if the value can be read
   */
  public record Seen(String objectClass, String label, String id, Set<String> attributes) {
    public Seen {
      attributes = Set.copyOf(attributes);
    }

    /** To compare what differs from token to token in nothing else. */
    public Seen withoutId() {
      return new Seen(objectClass, label, "", attributes);
    }
  }

  private TokenWitness() {}

  /** Asks another process about the token of an agent of a fleet with SoftHSM. */
  public static List<Seen> look(AgentProcess agent) throws IOException, InterruptedException {
    Path directory = agent.directory();
    Path log = directory.resolve("witness.log");
    Files.deleteIfExists(log);
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            TokenWitness.class.getName(),
            SoftHsmSupply.library().toString(),
            agent.name(),
            directory.resolve("pin").toString());
    Map<String, String> environment =
        Map.of("SOFTHSM2_CONF", directory.resolve("softhsm2.conf").toString());
    if (Daemon.run("witness", command, environment, log) != 0) {
      throw new IOException("the witness failed:\n" + Files.readString(log));
    }
    List<Seen> seen = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      if (line.startsWith("{")) {
        seen.add(parse(line));
      }
    }
    return seen;
  }

  private static Seen parse(String text) throws IOException {
    JsonObject line;
    try {
      line = JsonParser.object().from(text);
    } catch (JsonParserException e) {
      throw new IOException("the witness says " + text, e);
    }
    Set<String> attributes = new TreeSet<>();
    JsonArray list = line.getArray("attributes");
    for (int i = 0; i < list.size(); i++) {
      attributes.add(list.getString(i));
    }
    return new Seen(
        line.getString("class"), line.getString("label"), line.getString("id"), attributes);
  }

  public static void main(String[] arguments) throws IOException, PKCS11Exception {
    PKCS11Module module = PKCS11Module.getInstance(arguments[0]);
    module.initialize();
    for (Slot slot : module.getSlotList(true)) {
      Token token = slot.getToken();
      if (token.getTokenInfo().getLabel().strip().equals(arguments[1])) {
        list(token, Files.readString(Path.of(arguments[2])).strip());
      }
    }
    module.finalize(null);
  }

  private static void list(Token token, String pin) throws PKCS11Exception {
    Session session = token.openSession(false);
    session.login(PKCS11Constants.CKU_USER, pin.toCharArray());
    for (long handle : session.findAllObjectsSingle(new AttributeVector())) {
      AttributeVector names =
          session.getAttrValues(
              handle, PKCS11Constants.CKA_CLASS, PKCS11Constants.CKA_LABEL, PKCS11Constants.CKA_ID);
      byte[] id = names.id();
      JsonArray attributes = new JsonArray();
      for (long attribute : ATTRIBUTES) {
        if (Boolean.TRUE.equals(value(session, handle, attribute))) {
          attributes.add(PKCS11Constants.ckaCodeToName(attribute).replace("CKA_", ""));
        }
      }
      if (readable(session, handle)) {
        attributes.add("VALUE");
      }
      JsonObject line = new JsonObject();
      line.put("class", PKCS11Constants.ckoCodeToName(names.class_()).replace("CKO_", ""));
      line.put("label", names.label());
      line.put("id", HexFormat.of().formatHex(id == null ? new byte[0] : id));
      line.put("attributes", attributes);
      System.out.println(JsonWriter.string(line));
    }
    session.closeSession();
  }

  private static @Nullable Boolean value(Session session, long handle, long attribute) {
    try {
      return session.getAttrValues(handle, attribute).getBooleanAttrValue(attribute);
    } catch (PKCS11Exception e) {
      return null; // an attribute that objects of this class do not have
    }
  }

  private static boolean readable(Session session, long handle) {
    try {
      byte[] value = session.getAttrValues(handle, PKCS11Constants.CKA_VALUE).value();
      return value != null && value.length > 0;
    } catch (PKCS11Exception e) {
      return false;
    }
  }
}
