package org.keyfleet.transport.local;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.keyfleet.transport.SelectorLoop;

/** One client of a {@link LocalSocketServer}. */
public final class LocalPeer {
  /** What may wait for a client that does not read; more closes the connection. */
  private static final int MAX_UNREAD_OCTETS = 1 << 20;

  private static final int READ_OCTETS = 8 * 1024;
  private static final Logger LOG = System.getLogger(LocalPeer.class.getName());

  private final LocalSocketServer server;
  private final SelectorLoop loop;
  private final SocketChannel channel;
  private final LineBuffer lines;
  private final ArrayDeque<ByteBuffer> unread = new ArrayDeque<>();
  private int unreadOctets;
  private boolean lastLineSent;
  private boolean closed;
  private @Nullable SelectionKey key;

  LocalPeer(LocalSocketServer server, SelectorLoop loop, SocketChannel channel, int maxLine) {
    this.server = server;
    this.loop = loop;
    this.channel = channel;
    this.lines = new LineBuffer(maxLine);
  }

  /** On the loop's thread. */
  void register() throws IOException {
    synchronized (this) {
      key = loop.register(channel, SelectionKey.OP_READ, this::ready);
    }
  }

  /**
   * Sends a line; any thread may. The line must not contain a line feed.
   *
   * @return false when the peer is gone or does not read what it was sent
   */
  public boolean send(String line) {
    if (line.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("a line with a line feed inside");
    }
    ByteBuffer octets = StandardCharsets.UTF_8.encode(line + "\n");
    synchronized (this) {
      if (closed || lastLineSent) {
        return false;
      }
      unreadOctets += octets.remaining();
      unread.add(octets);
    }
    return write();
  }

  /** Closes the connection once all lines are sent; any thread may. */
  public void finish() {
    synchronized (this) {
      lastLineSent = true;
    }
    write();
  }

  /** Closes the connection at once; any thread may. */
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      unread.clear();
      unreadOctets = 0;
    }
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing a local connection", e);
    }
    loop.execute(() -> server.gone(this));
  }

  private void ready() {
    SelectionKey now;
    synchronized (this) {
      now = key;
    }
    if (now == null || !now.isValid()) {
      return;
    }
    if (now.isWritable()) {
      write();
    }
    if (now.isValid() && now.isReadable()) {
      read();
    }
  }

  private void read() {
    ByteBuffer buffer = ByteBuffer.allocate(READ_OCTETS);
    try {
      int count = channel.read(buffer);
      if (count < 0) {
        close();
        return;
      }
      lines.accept(buffer.flip());
      for (String line = lines.next(); line != null; line = lines.next()) {
        server.line(this, line);
      }
    } catch (LineBuffer.BadLineException e) {
      LOG.log(Level.WARNING, "local connection closed: {0}", e.getMessage());
      close();
    } catch (IOException e) {
      close();
    }
  }

  /** Writes what the socket takes and asks the loop to go on when it takes more. */
  private boolean write() {
    boolean drop;
    synchronized (this) {
      drop = !writeSome() || unreadOctets > MAX_UNREAD_OCTETS;
      drop |= lastLineSent && unread.isEmpty();
    }
    if (drop) {
      close();
    }
    return !drop;
  }

  /** Under the lock; false when the peer is gone. */
  private boolean writeSome() {
    try {
      ByteBuffer first = unread.peek();
      while (first != null) {
        unreadOctets -= channel.write(first);
        if (first.hasRemaining()) {
          break;
        }
        unread.remove();
        first = unread.peek();
      }
      if (key != null && key.isValid()) {
        int wanted = SelectionKey.OP_READ | (unread.isEmpty() ? 0 : SelectionKey.OP_WRITE);
        if (key.interestOps() != wanted) {
          key.interestOps(wanted);
          key.selector().wakeup();
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
