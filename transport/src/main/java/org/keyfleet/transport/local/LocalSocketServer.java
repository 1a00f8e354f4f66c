package org.keyfleet.transport.local;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.keyfleet.transport.SelectorLoop;
import org.keyfleet.transport.TransportException;

/**
 * A Unix domain socket for commands of the same user or root, one line each way at a time or many.
 * The file has mode 0600, and the kernel's word on the peer (SO_PEERCRED) is checked as well.
 */
public final class LocalSocketServer implements AutoCloseable {
  /** The longest line in either direction, in octets without the line feed. */
  public static final int MAX_LINE_OCTETS = 64 * 1024;

  private static final int MAX_PEERS = 32;
  private static final int REFUSALS_PER_LOG_LINE = 100;
  private static final Logger LOG = System.getLogger(LocalSocketServer.class.getName());

  private final SelectorLoop loop;
  private final Path path;
  private final ServerSocketChannel channel;
  private final SameUser users;
  private final LineService service;
  private final Set<LocalPeer> peers = ConcurrentHashMap.newKeySet();
  private final AtomicLong refused = new AtomicLong();
  private volatile boolean closed;

  private LocalSocketServer(
      SelectorLoop loop,
      Path path,
      ServerSocketChannel channel,
      SameUser users,
      LineService service) {
    this.loop = loop;
    this.path = path;
    this.channel = channel;
    this.users = users;
    this.service = service;
  }

  /**
   * Makes the socket. A file left behind by a process that was killed is replaced; one that a
   * living process serves, or that is not a socket, is not touched.
   *
   * @throws TransportException when the path is taken, too long or not writable
   */
  public static LocalSocketServer open(SelectorLoop loop, Path path, LineService service)
      throws TransportException {
    SocketFile.makeWay(path);
    ServerSocketChannel channel = SocketFile.bind(path);
    try {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      channel.configureBlocking(false);
      LocalSocketServer server =
          new LocalSocketServer(loop, path, channel, SameUser.asOwnerOf(path), service);
      loop.register(channel, SelectionKey.OP_ACCEPT, server::accept);
      return server;
    } catch (IOException e) {
      SocketFile.closeAndDelete(channel, path);
      throw new TransportException("local socket " + path + " cannot be opened: " + e, e);
    }
  }

  /** Where clients connect. */
  public Path path() {
    return path;
  }

  /** Connections there are now. */
  public int connected() {
    return peers.size();
  }

  /** Connections turned away: another user's, or too many at a time. */
  public long refused() {
    return refused.get();
  }

  /** Closes all connections and removes the file. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    peers.forEach(LocalPeer::close);
    loop.closeAndRelease(channel);
    SocketFile.closeAndDelete(channel, path);
  }

  void line(LocalPeer peer, String line) {
    service.onLine(peer, line);
  }

  void gone(LocalPeer peer) {
    if (peers.remove(peer)) {
      service.onClosed(peer);
    }
  }

  private void accept() {
    try {
      SocketChannel accepted = channel.accept();
      if (accepted == null) {
        return;
      }
      if (peers.size() >= MAX_PEERS || !users.admits(accepted)) {
        if (refused.getAndIncrement() % REFUSALS_PER_LOG_LINE == 0) {
          LOG.log(Level.WARNING, "{0}: connections were turned away", path);
        }
        accepted.close();
        return;
      }
      accepted.configureBlocking(false);
      LocalPeer peer = new LocalPeer(this, loop, accepted, MAX_LINE_OCTETS);
      peers.add(peer);
      peer.register();
    } catch (IOException e) {
      if (!closed) {
        LOG.log(Level.WARNING, path + ": accepting a connection failed", e);
      }
    }
  }

  static SocketChannel connect(Path path) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(path));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }
}
