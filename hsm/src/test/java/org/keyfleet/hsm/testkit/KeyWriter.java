package org.keyfleet.hsm.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.keyfleet.hsm.CustodyConfig;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFactory;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.pkcs11.Pkcs11Uri;
import org.keyfleet.protocol.octets.Bytes;

/**
 * A second process that unwraps persistent keys under the root of zeros, one after the other, until
 * it is killed.
 */
public final class KeyWriter {
  private static final String MADE = "made";

  private KeyWriter() {}

  public static void main(String[] arguments) throws CustodyException {
    KeyCustody custody = CustodyFactory.of(config(arguments), new SecureRandom());
    custody.open(arguments[0].toCharArray());
    KeyRef root = custody.find(CustodyFixture.ROOT).orElseThrow();
    Bytes wrapped = Wrapping.wrap(Bytes.copyOf(new byte[32]), Bytes.copyOf(new byte[32]));
    for (int serial = 0; ; serial++) {
      KeyName name = new KeyName("torn", Bytes.of(serial >> 8 & 0xff, serial & 0xff));
      custody.unwrap(root, wrapped, name, KeyRole.KEK_PARENT, KeyLifetime.PERSISTENT);
      System.out.println(MADE);
    }
  }

  /** Whether a second process can open what the configuration names. */
  public static boolean canOpen(CustodyConfig config) {
    return config instanceof CustodyConfig.Soft || config instanceof CustodyConfig.Pkcs11;
  }

  /** Runs it until it has made so many keys, and kills it at what it is doing then. */
  public static void killAfter(int keys, CustodyConfig config, String pin) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(KeyWriter.class.getName(), pin));
    command.addAll(arguments(config));
    Process writer =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader out = writer.inputReader(StandardCharsets.UTF_8)) {
      for (int made = 0; made < keys; made++) {
        Assertions.assertEquals(MADE, line(out));
      }
    } finally {
      writer.destroyForcibly().waitFor();
    }
  }

  /** The next line of ours; some libraries write to the standard output too. */
  private static String line(BufferedReader out) throws IOException {
    String line = out.readLine();
    while (line != null && !line.equals(MADE)) {
      line = out.readLine();
    }
    return String.valueOf(line);
  }

  private static List<String> arguments(CustodyConfig config) {
    if (config instanceof CustodyConfig.Pkcs11 pkcs11) {
      List<String> arguments = new ArrayList<>(List.of(pkcs11.uri().toString()));
      pkcs11.keyFile().ifPresent(file -> arguments.add(file.toString()));
      return arguments;
    }
    return List.of(((CustodyConfig.Soft) config).file().toString());
  }

  private static CustodyConfig config(String[] arguments) {
    if (!arguments[1].startsWith("pkcs11:")) {
      return new CustodyConfig.Soft(Path.of(arguments[1]));
    }
    Optional<Path> keyFile =
        arguments.length > 2 ? Optional.of(Path.of(arguments[2])) : Optional.empty();
    return new CustodyConfig.Pkcs11(Pkcs11Uri.parse(arguments[1]), true, keyFile);
  }
}
