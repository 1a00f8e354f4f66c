package org.keyfleet.hsm.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.pkcs11.Pkcs11Uri;
import org.keyfleet.hsm.pkcs11.TokenInit;

/**
 * A TPM 2.0 for tests: swtpm on the loopback interface, tpm2-abrmd on a message bus of its own,
 * tpm2-pkcs11 before them. They are started with the first use, once a process, and there is one
 * token. The library finds them by variables that the build sets.
 */
public final class Swtpm {
  private static final String LABEL = "tpm";
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
  private static final List<String> PROGRAMS =
      List.of("swtpm", "tpm2-abrmd", "dbus-daemon", "tpm2_dictionarylockout");

  private Swtpm() {}

  /** Skips the calling test, loudly, if there is no TPM to test with. */
  public static void require() {
    if (library().isEmpty() || !PROGRAMS.stream().allMatch(Swtpm::isInstalled)) {
      System.err.println(
          "SKIPPED: no TPM to test with; install swtpm tpm2-abrmd tpm2-tools libtss2-tcti-tabrmd0"
              + " libtpm2-pkcs11-1 dbus-daemon");
      Assumptions.abort("swtpm and tpm2-pkcs11 are not installed");
    }
  }

  /** The one token, which is made if there is none yet; who asks empties it first. */
  public static Pkcs11Uri token(char[] pin) throws CustodyException, IOException {
    require();
    Pkcs11Uri uri = Pkcs11Uri.ofToken(library().orElseThrow().toString(), LABEL);
    if (!Running.tokenMade) {
      TokenInit.initialize(uri, "12345678".toCharArray(), pin);
      Running.tokenMade = true;
    }
    return uri;
  }

  /** Takes the TPM from whoever uses it. */
  public static void stopBroker() {
    Running.BROKER.stop();
  }

  public static void startBroker() throws IOException {
    Running.startBroker();
  }

  /** Forgets wrong PINs, of which the TPM takes three (TPM 2.0 Part 1 section 19.8). */
  public static void clearLockout() throws IOException {
    Daemon.run(Running.LOG, "tpm2_dictionarylockout", "-T", "tabrmd:bus_type=system", "-c");
  }

  /** Has a stranger give wrong PINs until the TPM takes none from anybody. */
  public static void lockOut() throws IOException {
    Daemon.run(Running.LOG, "sh", "-ec", LOCK_OUT, Running.DIRECTORY.toString());
  }

  private static Optional<Path> library() {
    return PLACES.stream().map(Path::of).filter(Files::isReadable).findFirst();
  }

  private static boolean isInstalled(String program) {
    return List.of("/usr/bin", "/usr/sbin").stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Started once a process. */
  private static final class Running {
    static final Path DIRECTORY = TestDirectory.of("DBUS_SYSTEM_BUS_ADDRESS", "tpm-test");
    static final Path LOG = DIRECTORY.resolve("log");
    static final Daemon BROKER = start();
    static boolean tokenMade;

    private static Daemon start() {
      try {
        Path bus = DIRECTORY.resolve("bus");
        Path state = Files.createDirectories(DIRECTORY.resolve("state"));
        Files.createDirectories(DIRECTORY.resolve("store"));
        Files.writeString(DIRECTORY.resolve("bus.conf"), busConfiguration(bus));
        new Daemon(LOG, "dbus-daemon", "--nofork", "--config-file", DIRECTORY + "/bus.conf")
            .start(() -> Files.exists(bus));
        int port = freePorts();
        new Daemon(
                LOG,
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
                "not-need-init,startup-clear")
            .start(() -> listens(port + 1));
        Daemon broker =
            new Daemon(
                LOG, "tpm2-abrmd", "--allow-root", "--tcti=swtpm:host=127.0.0.1,port=" + port);
        startBroker(broker);
        return broker;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    static void startBroker() throws IOException {
      startBroker(BROKER);
    }

    private static void startBroker(Daemon broker) throws IOException {
      broker.start(Running::brokerAnswers);
    }

    private static boolean brokerAnswers() {
      try {
        Daemon.run(LOG, "tpm2_getrandom", "-T", "tabrmd:bus_type=system", "--hex", "1");
        return true;
      } catch (IOException e) {
        return false;
      }
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
}
