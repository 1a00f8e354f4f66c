package org.keyfleet.protocol.ike.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Two namespaces, strongSwan in one of them and a laboratory peer of ours in the other. */
public final class StrongSwanLab {
  private static final String GCKS = "10.78.0.1";
  private static final String MEMBER = "10.78.0.2";
  private static final int PATIENCE_SECONDS = 60;

  private final Path scripts;
  private final Path directory;
  private final String name = "kf-ike-" + ProcessHandle.current().pid();
  private final Map<String, String> environment = new TreeMap<>();
  private final Path connections;
  private final Class<?> peerMain;

  StrongSwanLab(Path directory) throws IOException {
    this(directory, LabMain.class);
  }

  /**
   * A laboratory for a peer of one's own.
   *
   * @param directory empty, of this laboratory alone
   * @param peerMain has a main method that takes {@code name=value} words: role, local, remote,
   *     directory (with own.cert.pem, own.key.pem, ca.cert.pem) and the test's own
   */
  public StrongSwanLab(Path directory, Class<?> peerMain) throws IOException {
    this.peerMain = peerMain;
    this.scripts = scripts();
    this.directory = directory;
    this.connections = directory.resolve("initiator.conf");
    Files.copy(scripts.resolve("initiator.conf"), connections);
  }

  private static Path scripts() {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.isDirectory(at.resolve("benchmarks/lab/strongswan"))) {
      at = at.getParent();
    }
    if (at == null) {
      throw new IllegalStateException("benchmarks/lab/strongswan is not above the test");
    }
    return at.resolve("benchmarks/lab/strongswan");
  }

  /** Makes the namespaces and certificates. */
  public void up() throws IOException, InterruptedException {
    run(script("pair.sh", "up", name));
    makePki();
  }

  /** Ends strongSwan and takes the namespaces down. */
  public void down() throws IOException, InterruptedException {
    run(script("charon.sh", "stop", charonDirectory().toString()));
    run(script("pair.sh", "down", name));
  }

  /** Sets a variable of {@code charon.sh}. */
  public StrongSwanLab with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Gives a connection of strongSwan as initiator other proposals. */
  void offering(String connection, String proposals) throws IOException {
    String text = Files.readString(connections);
    int at = text.indexOf("proposals = ", text.indexOf("  " + connection + " {"));
    int end = text.indexOf('\n', at);
    Files.writeString(
        connections, text.substring(0, at) + "proposals = " + proposals + text.substring(end));
  }

  /** strongSwan at the responder's place. */
  public void startCharonAsGcks() throws IOException, InterruptedException {
    environment.put("LOCAL", GCKS);
    environment.put("REMOTE", MEMBER);
    startCharon("gcks", scripts.resolve("responder.conf"));
  }

  /** Leaves one half-open IKE SA behind, so that a cookie is demanded of the next. */
  public void halfOpenOne() throws IOException, InterruptedException {
    run(script("half-open.sh", name + "-member", GCKS, "500"));
  }

  /** Our initiator against strongSwan: what it said. */
  public List<String> initiate(String... words) throws IOException, InterruptedException {
    Process peer = peer("member", "initiator", MEMBER, GCKS, words);
    return finish(peer, new ArrayList<>());
  }

  /** Our responder against strongSwan's connection: what it said. */
  List<String> respond(String connection, String... words)
      throws IOException, InterruptedException {
    environment.put("LOCAL", MEMBER);
    environment.put("REMOTE", GCKS);
    Process peer = peer("gcks", "responder", GCKS, MEMBER, words);
    BufferedReader out = peer.inputReader(StandardCharsets.UTF_8);
    List<String> said = new ArrayList<>();
    String first = out.readLine();
    if (first != null) {
      said.add(first);
    }
    try {
      startCharon("member", connections);
      run(script("charon.sh", "initiate", charonDirectory().toString(), connection));
      // ends with a delete of the IKE SA
      run(script("charon.sh", "stop", charonDirectory().toString()));
      return finish(peer, said);
    } finally {
      peer.destroy();
    }
  }

  /** What strongSwan wrote. */
  public String charonLog() throws IOException {
    return Files.readString(charonDirectory().resolve("charon.log"));
  }

  /** The number behind a word the peer said. */
  public static int value(List<String> said, String word) {
    return said.stream()
        .filter(line -> line.startsWith(word + " "))
        .mapToInt(line -> Integer.parseInt(line.substring(word.length() + 1)))
        .findFirst()
        .orElse(-1);
  }

  private Path charonDirectory() {
    return directory.resolve("charon");
  }

  private void startCharon(String side, Path conf) throws IOException, InterruptedException {
    copyPki(side, charonDirectory());
    run(
        script(
            "charon.sh",
            "start",
            name + "-" + side,
            charonDirectory().toString(),
            conf.toString()));
  }

  private Process peer(String side, String role, String local, String remote, String... words)
      throws IOException {
    Path pki = directory.resolve(side);
    List<String> command =
        new ArrayList<>(
            List.of(
                "ip",
                "netns",
                "exec",
                name + "-" + side,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                peerMain.getName(),
                "role=" + role,
                "local=" + local,
                "remote=" + remote,
                "directory=" + pki));
    command.addAll(List.of(words));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static List<String> finish(Process peer, List<String> said)
      throws IOException, InterruptedException {
    try (BufferedReader out = peer.inputReader(StandardCharsets.UTF_8)) {
      out.lines().forEach(said::add);
    }
    if (!peer.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || peer.exitValue() != 0) {
      peer.destroy();
      throw new IllegalStateException("the laboratory peer failed: " + said);
    }
    return said;
  }

  private String[] script(String script, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(scripts.resolve(script).toString());
    command.addAll(List.of(arguments));
    return command.toArray(new String[0]);
  }

  private void run(String... command) throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroy();
      throw new IllegalStateException(String.join(" ", command) + ": " + Files.readString(output));
    }
  }

  /** A CA and a P-256 certificate for each side, by openssl: not by code that is under test. */
  private void makePki() throws IOException, InterruptedException {
    Path ca = directory.resolve("ca.cert.pem");
    Path caKey = directory.resolve("ca.key.pem");
    newKey(caKey);
    run(
        "openssl",
        "req",
        "-new",
        "-x509",
        "-key",
        caKey.toString(),
        "-subj",
        "/CN=lab ca",
        "-days",
        "2",
        "-out",
        ca.toString());
    for (String side : List.of("gcks", "member")) {
      Path own = Files.createDirectory(directory.resolve(side));
      Path request = own.resolve("request.pem");
      Path extensions = own.resolve("extensions");
      newKey(own.resolve("own.key.pem"));
      Files.writeString(extensions, "subjectAltName=DNS:" + side + ".lab\n");
      run(
          "openssl",
          "req",
          "-new",
          "-key",
          own.resolve("own.key.pem").toString(),
          "-subj",
          "/CN=" + side + ".lab",
          "-out",
          request.toString());
      run(
          "openssl",
          "x509",
          "-req",
          "-in",
          request.toString(),
          "-CA",
          ca.toString(),
          "-CAkey",
          caKey.toString(),
          "-CAcreateserial",
          "-days",
          "2",
          "-extfile",
          extensions.toString(),
          "-out",
          own.resolve("own.cert.pem").toString());
      Files.copy(ca, own.resolve("ca.cert.pem"));
    }
  }

  private void newKey(Path file) throws IOException, InterruptedException {
    run(
        "openssl",
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-out",
        file.toString());
  }

  private void copyPki(String side, Path target) throws IOException {
    Files.createDirectories(target);
    for (String file : List.of("ca.cert.pem", "own.cert.pem", "own.key.pem")) {
      Files.copy(directory.resolve(side).resolve(file), target.resolve(file));
    }
  }
}
