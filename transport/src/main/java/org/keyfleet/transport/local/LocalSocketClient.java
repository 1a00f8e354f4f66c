package org.keyfleet.transport.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.keyfleet.transport.TransportException;

/**
 * A command's end of a {@link LocalSocketServer}: writes lines, reads lines, waits with a limit.
 */
public final class LocalSocketClient implements AutoCloseable {
  private static final int READ_OCTETS = 8 * 1024;

  private final Path path;
  private final SocketChannel channel;
  private final Selector selector;
  private final LineBuffer lines = new LineBuffer(LocalSocketServer.MAX_LINE_OCTETS);

  private LocalSocketClient(Path path, SocketChannel channel, Selector selector) {
    this.path = path;
    this.channel = channel;
    this.selector = selector;
  }

  /**
   * Connects.
   *
   * @throws TransportException when nobody serves {@code path} or this user may not use it
   */
  public static LocalSocketClient connect(Path path) throws TransportException {
    SocketChannel channel;
    try {
      channel = LocalSocketServer.connect(path);
    } catch (IOException e) {
      throw new TransportException(whyNot(path), e);
    }
    try {
      channel.configureBlocking(false);
      Selector selector = Selector.open();
      channel.register(selector, SelectionKey.OP_READ);
      return new LocalSocketClient(path, channel, selector);
    } catch (IOException e) {
      throw new TransportException("connection to " + path + " failed: " + e.getMessage(), e);
    }
  }

  /** Sends a line, which must not contain a line feed. */
  public void send(String line) throws TransportException {
    if (line.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("a line with a line feed inside");
    }
    ByteBuffer octets = StandardCharsets.UTF_8.encode(line + "\n");
    if (octets.remaining() - 1 > LocalSocketServer.MAX_LINE_OCTETS) {
      throw new TransportException(
          "the command is longer than " + LocalSocketServer.MAX_LINE_OCTETS + " octets");
    }
    try {
      SelectionKey key = channel.keyFor(selector);
      while (octets.hasRemaining()) {
        if (channel.write(octets) == 0) {
          key.interestOps(SelectionKey.OP_WRITE);
          selector.select();
        }
      }
      key.interestOps(SelectionKey.OP_READ);
    } catch (IOException e) {
      throw turnedAway(e);
    }
  }

  /**
   * The next line, or null when the other end has closed.
   *
   * @throws TransportException when there is none within {@code timeoutMillis}
   */
  public @Nullable String receive(long timeoutMillis) throws TransportException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    ByteBuffer buffer = ByteBuffer.allocate(READ_OCTETS);
    try {
      String line = lines.next();
      while (line == null) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw new TransportException("no answer on " + path + " in " + timeoutMillis + " ms");
        }
        selector.select(left);
        selector.selectedKeys().clear();
        if (channel.read(buffer.clear()) < 0) {
          return null;
        }
        lines.accept(buffer.flip());
        line = lines.next();
      }
      return line;
    } catch (TransportException e) {
      throw e;
    } catch (LineBuffer.BadLineException e) {
      throw new TransportException(path + " does not speak the line protocol", e);
    } catch (IOException e) {
      throw turnedAway(e);
    }
  }

  @Override
  public void close() {
    try (selector;
        channel) {
      selector.wakeup();
    } catch (IOException e) {
      // the process ends or opens another one; nothing depends on this descriptor
      return;
    }
  }

  private TransportException turnedAway(IOException cause) {
    return new TransportException(
        path + " closed the connection: use it as the same user or as root", cause);
  }

  private static String whyNot(Path path) {
    try {
      path.getFileSystem().provider().checkAccess(path);
    } catch (AccessDeniedException e) {
      return "no permission for " + path + ": use it as the same user or as root";
    } catch (IOException e) {
      return "nobody serves " + path + ": start the service or give the right socket";
    }
    return Files.isWritable(path)
        ? "nobody serves " + path + ": start the service or give the right socket"
        : "no permission for " + path + ": use it as the same user or as root";
  }
}
