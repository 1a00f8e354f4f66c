package org.keyfleet.transport.local;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.keyfleet.transport.TransportException;

/** The file behind a local socket. */
final class SocketFile {
  private static final Logger LOG = System.getLogger(SocketFile.class.getName());

  /** Linux: 108 octets with the closing zero (unix(7)). */
  private static final int MAX_PATH_OCTETS = 107;

  private SocketFile() {}

  /** Removes a socket that nobody serves. */
  static void makeWay(Path path) throws TransportException {
    if (path.toString().getBytes(StandardCharsets.UTF_8).length > MAX_PATH_OCTETS) {
      throw new TransportException(
          "local socket path "
              + path
              + " is longer than "
              + MAX_PATH_OCTETS
              + " octets: configure a shorter one");
    }
    try {
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        return;
      }
      BasicFileAttributes file =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!file.isOther()) {
        throw new TransportException(
            path + " is not a socket: move it away or configure another local socket");
      }
      if (isServed(path)) {
        throw new TransportException(
            "another process serves " + path + ": stop it or configure another local socket");
      }
      Files.delete(path);
      LOG.log(Level.INFO, "removed the stale socket {0}", path);
    } catch (TransportException e) {
      throw e;
    } catch (IOException e) {
      throw new TransportException(
          "cannot take " + path + ": check who owns it and its directory", e);
    }
  }

  static ServerSocketChannel bind(Path path) throws TransportException {
    ServerSocketChannel channel;
    try {
      channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    } catch (IOException e) {
      throw new TransportException("no local socket: raise the limit of open files (ulimit -n)", e);
    }
    try {
      channel.bind(UnixDomainSocketAddress.of(path));
      return channel;
    } catch (IOException e) {
      closeQuietly(channel);
      Path directory = path.toAbsolutePath().getParent();
      throw new TransportException(
          "cannot make the socket "
              + path
              + ": check that "
              + directory
              + " is there and writable for this user",
          e);
    }
  }

  static void closeAndDelete(ServerSocketChannel channel, Path path) {
    closeQuietly(channel);
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot remove {0}: {1}", path, e.getMessage());
    }
  }

  private static boolean isServed(Path path) {
    try (SocketChannel probe = LocalSocketServer.connect(path)) {
      return probe.isConnected();
    } catch (IOException e) {
      return false; // connection refused: nobody listens
    }
  }

  private static void closeQuietly(ServerSocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing a local socket", e);
    }
  }
}
