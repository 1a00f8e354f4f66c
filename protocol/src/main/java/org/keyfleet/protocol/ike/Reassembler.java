package org.keyfleet.protocol.ike;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * Puts fragmented messages together (RFC 7383 section 2.6), in bounded memory: so many messages at
 * a time, each of so many fragments and octets, for so long.
 */
public final class Reassembler {
  /** Fragments of one message; 64 KiB in datagrams of 576 octets take some 130. */
  public static final int MAX_FRAGMENTS = 512;

  /** RFC 7383 section 5: "NOT RECOMMENDED for this value to exceed 64 KB". */
  public static final int MAX_MESSAGE_OCTETS = 65535;

  private record Key(long messageId, boolean response) {}

  private static final class Parts {
    final SealedMessage sample;
    final @Nullable Bytes[] contents;
    final long deadlineNanos;
    @Nullable SealedMessage first;
    int count;
    int octets;

    Parts(SealedMessage sample, long deadlineNanos) {
      this.sample = sample;
      this.contents = new Bytes[sample.body().totalFragments()];
      this.deadlineNanos = deadlineNanos;
    }
  }

  private final int maxMessages;
  private final long timeoutNanos;
  private int maxOctets = MAX_MESSAGE_OCTETS;
  private final Map<Key, Parts> waiting = new LinkedHashMap<>();

  /**
   * Creates an empty one.
   *
   * @param maxMessages how many messages may be incomplete at a time; the oldest makes room
   * @param timeoutNanos how long a message may take from its first fragment to its last
   */
  public Reassembler(int maxMessages, long timeoutNanos) {
    if (maxMessages < 1 || timeoutNanos < 1) {
      throw new IllegalArgumentException(maxMessages + " messages in " + timeoutNanos + " ns");
    }
    this.maxMessages = maxMessages;
    this.timeoutNanos = timeoutNanos;
  }

  /** Takes messages of so many octets at most, 64 KiB until it is called. */
  void limit(int octets) {
    maxOctets = Math.min(octets, MAX_MESSAGE_OCTETS);
  }

  /** The checks that come before decryption; false means to drop the datagram silently. */
  boolean wants(SealedMessage fragment, long nowNanos) {
    expire(nowNanos);
    SealedBody body = fragment.body();
    if (body.totalFragments() > MAX_FRAGMENTS) {
      return false;
    }
    Parts parts = waiting.get(key(fragment));
    if (parts == null || body.totalFragments() > parts.contents.length) {
      return true;
    }
    return body.totalFragments() == parts.contents.length
        && parts.contents[body.fragmentNumber() - 1] == null;
  }

  /**
   * Keeps the content of a fragment whose ICV is verified and that {@link #wants} let pass.
   *
   * @return the message when this was its last missing fragment
   * @throws MalformedMessageException when the message is too long or its payloads are wrong; its
   *     fragments are forgotten
   */
  Optional<OpenedMessage> add(SealedMessage fragment, Bytes content, long nowNanos)
      throws MalformedMessageException {
    Key key = key(fragment);
    Parts parts = partsFor(key, fragment, nowNanos);
    if (!parts.sample.header().equals(fragment.header())) {
      waiting.remove(key);
      throw new MalformedMessageException("fragment: header unlike that of the others");
    }
    if (parts.octets + content.size() > maxOctets) {
      waiting.remove(key);
      throw new MalformedMessageException("fragments: more than " + maxOctets + " octets");
    }
    int index = fragment.body().fragmentNumber() - 1;
    parts.contents[index] = content;
    parts.octets += content.size();
    parts.count++;
    if (index == 0) {
      parts.first = fragment;
    }
    SealedMessage first = parts.first;
    if (parts.count < parts.contents.length || first == null) {
      return Optional.empty();
    }
    waiting.remove(key);
    return Optional.of(whole(first, parts));
  }

  /** Forgets messages whose time is over. */
  public void expire(long nowNanos) {
    waiting.values().removeIf(parts -> nowNanos - parts.deadlineNanos >= 0);
  }

  /** Forgets everything. */
  public void clear() {
    waiting.clear();
  }

  /** Octets of content that wait. */
  public int waitingOctets() {
    return waiting.values().stream().mapToInt(parts -> parts.octets).sum();
  }

  /** Messages that wait for fragments. */
  public int waitingMessages() {
    return waiting.size();
  }

  private Parts partsFor(Key key, SealedMessage fragment, long nowNanos) {
    Parts parts = waiting.get(key);
    if (parts != null && parts.contents.length == fragment.body().totalFragments()) {
      return parts;
    }
    // section 2.6: more fragments in total than before means that the sender started over
    waiting.remove(key);
    if (waiting.size() == maxMessages) {
      Iterator<Parts> oldest = waiting.values().iterator();
      oldest.next();
      oldest.remove();
    }
    Parts fresh = new Parts(fragment, nowNanos + timeoutNanos);
    waiting.put(key, fresh);
    return fresh;
  }

  private static OpenedMessage whole(SealedMessage first, Parts parts)
      throws MalformedMessageException {
    Bytes[] contents = new Bytes[parts.contents.length];
    for (int i = 0; i < contents.length; i++) {
      Bytes content = parts.contents[i];
      contents[i] = content == null ? Bytes.EMPTY : content;
    }
    Bytes header = first.octets().slice(0, IkeHeader.OCTETS);
    return OpenedMessage.decode(first.header(), header, first.body(), Bytes.concat(contents));
  }

  private static Key key(SealedMessage fragment) {
    return new Key(fragment.header().messageId(), fragment.header().response());
  }
}
