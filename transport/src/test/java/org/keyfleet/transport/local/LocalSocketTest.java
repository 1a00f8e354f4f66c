package org.keyfleet.transport.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.keyfleet.transport.LinkProbe.await;
import static org.keyfleet.transport.LinkProbe.refusal;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.transport.SelectorLoop;

class LocalSocketTest {
  private static final long WAIT_MILLIS = 15_000;

  @TempDir Path directory;
  private SelectorLoop loop;
  private Path path;

  /** Answers each line with itself; "end" is the last. */
  private static final class Echo implements LineService {
    private final Queue<LocalPeer> closed = new ConcurrentLinkedQueue<>();

    @Override
    public void onLine(LocalPeer peer, String line) {
      peer.send("echo " + line);
      if (line.equals("end")) {
        peer.finish();
      }
    }

    @Override
    public void onClosed(LocalPeer peer) {
      closed.add(peer);
    }
  }

  @BeforeEach
  void start() throws Exception {
    loop = SelectorLoop.start("test-local");
    path = directory.resolve("control");
  }

  @AfterEach
  void stop() {
    loop.close();
  }

  @Test
  void carriesLinesBothWays() throws Exception {
    Echo echo = new Echo();
    try (LocalSocketServer server = LocalSocketServer.open(loop, path, echo);
        LocalSocketClient client = LocalSocketClient.connect(server.path())) {
      client.send("{\"command\":\"status\"}");
      client.send("größe");
      assertEquals("echo {\"command\":\"status\"}", client.receive(WAIT_MILLIS));
      assertEquals("echo größe", client.receive(WAIT_MILLIS));
      client.send("end");
      assertEquals("echo end", client.receive(WAIT_MILLIS));
      assertNull(client.receive(WAIT_MILLIS));
      await("noticed", () -> echo.closed.size() == 1);
    }
    assertFalse(Files.exists(path), "the file goes with the server");
  }

  @Test
  void aSlowReaderGetsALongAnswerWhole() throws Exception {
    String longLine = "x".repeat(60_000);
    LineService talker =
        (peer, line) -> {
          for (int i = 0; i < 10; i++) {
            peer.send(longLine);
          }
          peer.finish();
        };
    try (LocalSocketServer server = LocalSocketServer.open(loop, path, talker);
        LocalSocketClient client = LocalSocketClient.connect(server.path())) {
      client.send("go");
      for (int i = 0; i < 10; i++) {
        assertEquals(longLine, client.receive(WAIT_MILLIS));
      }
      assertNull(client.receive(WAIT_MILLIS));
    }
  }

  @Test
  void aPeerThatNeverReadsIsDropped() throws Exception {
    String longLine = "x".repeat(60_000);
    List<Boolean> taken = new ArrayList<>();
    CountDownLatch refused = new CountDownLatch(1);
    LineService talker =
        (peer, line) -> {
          while (taken.size() < 1_000 && peer.send(longLine)) {
            taken.add(true);
          }
          refused.countDown();
        };
    try (LocalSocketServer server = LocalSocketServer.open(loop, path, talker);
        LocalSocketClient client = LocalSocketClient.connect(server.path())) {
      client.send("go");
      assertTrue(refused.await(WAIT_MILLIS, TimeUnit.MILLISECONDS));
      String line = client.receive(WAIT_MILLIS);
      while (line != null) {
        line = client.receive(WAIT_MILLIS);
      }
      assertTrue(taken.size() < 100, taken.size() + " lines were kept");
    }
  }

  @Test
  void onlyTheUserMayOpenTheFile() throws Exception {
    LocalSocketServer.open(loop, path, new Echo());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
  }

  @Test
  void aStaleFileIsReplacedAndALivingOneIsNot() throws Exception {
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(path));
    }
    assertTrue(Files.exists(path), "as a killed process leaves it");
    try (LocalSocketServer server = LocalSocketServer.open(loop, path, new Echo())) {
      assertEquals(
          "another process serves " + path + ": stop it or configure another local socket",
          refusal(() -> LocalSocketServer.open(loop, path, new Echo())));
      try (LocalSocketClient client = LocalSocketClient.connect(server.path())) {
        client.send("still here");
        assertEquals("echo still here", client.receive(WAIT_MILLIS));
      }
    }
  }

  @Test
  void saysWhatToDo() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "precious");
    assertEquals(
        file + " is not a socket: move it away or configure another local socket",
        refusal(() -> LocalSocketServer.open(loop, file, new Echo())));
    assertEquals("precious", Files.readString(file));
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    refusal(() -> LocalSocketServer.open(loop, link, new Echo()));
    assertTrue(Files.exists(link));

    Path lost = directory.resolve("no/such/socket");
    String made = refusal(() -> LocalSocketServer.open(loop, lost, new Echo()));
    assertTrue(made.contains(" is there and writable for this user"), made);
    Path deep = directory.resolve("x".repeat(120));
    String tooLong = refusal(() -> LocalSocketServer.open(loop, deep, new Echo()));
    assertTrue(tooLong.endsWith("107 octets: configure a shorter one"), tooLong);
    assertEquals(
        "nobody serves " + path + ": start the service or give the right socket",
        refusal(() -> LocalSocketClient.connect(path)));
  }

  @Test
  void aSilentServerEndsTheWait() throws Exception {
    try (LocalSocketServer server = LocalSocketServer.open(loop, path, (peer, line) -> {});
        LocalSocketClient client = LocalSocketClient.connect(server.path())) {
      client.send("anyone?");
      assertEquals("no answer on " + path + " in 20 ms", refusal(() -> client.receive(20)));
    }
  }

  @Test
  void badInputClosesItsConnectionOnly() throws Exception {
    Echo echo = new Echo();
    try (LocalSocketServer server = LocalSocketServer.open(loop, path, echo);
        LocalSocketClient good = LocalSocketClient.connect(server.path())) {
      writeRaw(new byte[LocalSocketServer.MAX_LINE_OCTETS + 1]);
      await("too long", () -> echo.closed.size() == 1);
      writeRaw(new byte[] {(byte) 0xff, '\n'});
      await("not UTF-8", () -> echo.closed.size() == 2);
      good.send("fine");
      assertEquals("echo fine", good.receive(WAIT_MILLIS));
      assertThrows(IllegalArgumentException.class, () -> good.send("two\nlines"));
      refusal(() -> good.send("x".repeat(LocalSocketServer.MAX_LINE_OCTETS + 1)));
    }
  }

  @Test
  void connectionsAreBounded() throws Exception {
    try (LocalSocketServer server = LocalSocketServer.open(loop, path, new Echo())) {
      List<LocalSocketClient> clients = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        clients.add(LocalSocketClient.connect(path));
      }
      await("eight turned away", () -> server.refused() == 8);
      for (LocalSocketClient each : clients) {
        each.close();
      }
      await("all gone", () -> server.connected() == 0);
      try (LocalSocketClient again = LocalSocketClient.connect(path)) {
        again.send("room");
        assertEquals("echo room", again.receive(WAIT_MILLIS));
      }
    }
  }

  /** The file mode would stop the stranger too, so it is opened up: the kernel's word is enough. */
  @Test
  void anotherUserIsTurnedAway() throws Exception {
    if (!System.getProperty("user.name").equals("root")) {
      System.err.println("NOT TESTED: only root can become another user");
      Assumptions.abort("only root can become another user");
    }
    String script =
        "use IO::Socket::UNIX; $SIG{PIPE} = 'IGNORE'; my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or exit 9;"
            + " print $s \"hello\\n\"; $s->flush; my $l = <$s>; exit(defined $l ? 1 : 0);";
    try (LocalSocketServer server = LocalSocketServer.open(loop, path, new Echo())) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
      String[] stranger = {"setpriv", "--reuid=65534", "--clear-groups", "perl", "-e", script};
      List<String> command = new ArrayList<>(List.of(stranger));
      command.add(path.toString());
      Process process = new ProcessBuilder(command).inheritIO().start();
      assertEquals(0, process.waitFor(), "0: closed without an answer");
      assertEquals(1, server.refused());
    }
  }

  private void writeRaw(byte[] octets) throws Exception {
    try (SocketChannel raw = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      ByteBuffer buffer = ByteBuffer.wrap(octets);
      while (buffer.hasRemaining()) {
        raw.write(buffer);
      }
    }
  }
}
