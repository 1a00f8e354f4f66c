package org.keyfleet.hsm.testkit;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A TPM 2.0 as programs: swtpm on the loopback interface, and tpm2-abrmd on a message bus of its
 * own. Whoever has the {@link #environment} reaches it by tpm2-pkcs11.
 */
public final class TpmSimulator implements AutoCloseable {
  private static final String TCTI = "tabrmd:bus_type=system";
  private static final int MANY_PORTS = 100;
  private static final String LOCK_OUT =
      """
      export TPM2TOOLS_TCTI=tabrmd:bus_type=system
      cd "$0"
      tpm2_createprimary -Q -C o -c parent.ctx
      echo stranger | tpm2_create -Q -C parent.ctx -p right -i- -u public -r private
      tpm2_load -Q -C parent.ctx -u public -r private -c sealed.ctx
      for i in 1 2 3; do ! tpm2_unseal -Q -c sealed.ctx -p wrong; done
      tpm2_getcap properties-variable | grep -q 'inLockout: *1'
      """;
  private static final List<String> PLACES =
      List.of(
          "/usr/lib/x86_64-linux-gnu/libtpm2_pkcs11.so.1",
          "/usr/lib/aarch64-linux-gnu/libtpm2_pkcs11.so.1",
          "/usr/lib64/libtpm2_pkcs11.so.1");

  private final Path directory;
  private final Path log;
  private final Daemon bus;
  private final Daemon tpm;
  private final Daemon broker;

  private TpmSimulator(Path directory, int port) throws IOException {
    this.directory = directory;
    this.log = directory.resolve("log");
    Path state = Files.createDirectories(directory.resolve("state"));
    Files.writeString(directory.resolve("bus.conf"), busConfiguration(directory.resolve("bus")));
    bus = new Daemon(log, "dbus-daemon", "--nofork", "--config-file", directory + "/bus.conf");
    tpm =
        new Daemon(
            log,
            "swtpm",
            "socket",
            "--tpm2",
            "--tpmstate",
            "dir=" + state,
            "--server",
            "type=tcp,bindaddr=127.0.0.1,port=" + port,
            "--ctrl",
            "type=tcp,bindaddr=127.0.0.1,port=" + (port + 1),
            "--flags",
            "not-need-init,startup-clear");
    broker =
        new Daemon(
            log,
            environment(directory.resolve("store")),
            "tpm2-abrmd",
            "--allow-root",
            "--tcti=swtpm:host=127.0.0.1,port=" + port);
  }

  /** Starts it; its files go into {@code directory}, an absolute path. */
  public static TpmSimulator start(Path directory) throws IOException {
    Files.createDirectories(directory);
    int port = freePorts();
    TpmSimulator simulator = new TpmSimulator(directory, port);
    simulator.bus.start(() -> Files.exists(directory.resolve("bus")));
    simulator.tpm.start(() -> listens(port + 1));
    simulator.startBroker();
    return simulator;
  }

  /** The library of tpm2-pkcs11, if it is installed. */
  public static Optional<Path> library() {
    return PLACES.stream().map(Path::of).filter(Files::isReadable).findFirst();
  }

  /**
   * What a program needs in its environment to have a token of this TPM.
   *
   * @param store the folder of the library's database, which must exist
   */
  public Map<String, String> environment(Path store) {
    return Map.of(
        "DBUS_SYSTEM_BUS_ADDRESS",
        "unix:path=" + directory.resolve("bus"),
        "TPM2_PKCS11_STORE",
        store.toString(),
        "TPM2_PKCS11_TCTI",
        TCTI,
        "TSS2_LOG",
        "all+none");
  }

  /** Takes the TPM from whoever uses it. */
  void stopBroker() {
    broker.stop();
  }

  void startBroker() throws IOException {
    broker.start(this::brokerAnswers);
  }

  /** Forgets wrong PINs, of which the TPM takes three (TPM 2.0 Part 1 section 19.8). */
  void lockOut() throws IOException {
    tool("sh", "-ec", LOCK_OUT, directory.toString());
  }

  void clearLockout() throws IOException {
    tool("tpm2_dictionarylockout", "-T", TCTI, "-c");
  }

  private boolean brokerAnswers() {
    try {
      tool("tpm2_getrandom", "-T", TCTI, "--hex", "1");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void tool(String... command) throws IOException {
    Daemon.run(log, environment(directory.resolve("store")), command);
  }

  @Override
  public void close() {
    broker.stop();
    tpm.stop();
    bus.stop();
  }

  private static String busConfiguration(Path socket) {
    return "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\""
        + " \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
        + "<busconfig><type>session</type><listen>unix:path="
        + socket
        + "</listen><auth>EXTERNAL</auth><policy context=\"default\">"
        + "<allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>"
        + "<allow own=\"*\"/></policy></busconfig>\n";
  }

  /** The first of two free ports in a row, for commands and for control. */
  private static int freePorts() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    BindException taken = new BindException("no port was tried");
    for (int i = 0; i < MANY_PORTS; i++) {
      try (ServerSocket first = new ServerSocket(0, 1, loopback);
          ServerSocket second = new ServerSocket(first.getLocalPort() + 1, 1, loopback)) {
        return second.getLocalPort() - 1;
      } catch (BindException e) {
        taken = e; // the one beside it is in use: another pair
      }
    }
    throw taken;
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
