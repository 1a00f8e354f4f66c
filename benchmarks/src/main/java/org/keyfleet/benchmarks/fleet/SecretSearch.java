package org.keyfleet.benchmarks.fleet;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.keyfleet.protocol.octets.Bytes;

/**
 * Looks for secrets in octets, in one pass. A secret is looked for in pieces of eight octets,
 * because a buffer that was freed without being wiped has lost its beginning to the allocator, and
 * in the forms that programs give it: as it is, with its words the other way round, as text.
 */
public final class SecretSearch {
  /** Eight octets of a random key are met by chance once in 2^64 places. */
  private static final int PIECE_OCTETS = 8;

  private static final int MAX_PATTERN_OCTETS = 64;
  private static final int MAX_HITS = 10_000;
  private static final int FILTER_BITS = 16;

  /** What must not be there, or must. */
  public record Secret(String label, Bytes octets) {}

  /**
   * A piece that was found.
   *
   * @param offset of the piece in the secret
   * @param at address or position of the piece's end
   */
  public record Hit(String label, String form, int offset, String place, long at) {
    @Override
    public String toString() {
      return label
          + " from octet "
          + offset
          + ", "
          + form
          + ", before 0x"
          + Long.toHexString(at)
          + " of "
          + place;
    }
  }

  private record Pattern(String label, String form, int offset, Bytes octets) {}

  private final Map<Long, List<Pattern>> byTail = new HashMap<>();
  private final boolean[] filter = new boolean[1 << FILTER_BITS];
  private final byte[] recent = new byte[MAX_PATTERN_OCTETS];
  private final List<Hit> hits = new ArrayList<>();
  private String place = "";
  private long at;
  private long inARow;
  private long searched;
  private long tail;

  public SecretSearch(List<Secret> secrets) {
    for (Secret secret : secrets) {
      addForms(secret);
    }
  }

  /** What comes next is elsewhere: nothing is found across this. */
  public void startAt(String newPlace, long address) {
    place = newPlace;
    at = address;
    inARow = 0;
  }

  /** The next {@code count} octets. */
  public void search(byte[] octets, int count) {
    for (int i = 0; i < count; i++) {
      byte octet = octets[i];
      recent[(int) (inARow % MAX_PATTERN_OCTETS)] = octet;
      inARow++;
      tail = tail << 8 | (octet & 0xff);
      if (filter[(int) tail & 0xffff] && inARow >= PIECE_OCTETS) {
        found(at + i + 1);
      }
    }
    at += count;
    searched += count;
  }

  public long octetsSearched() {
    return searched;
  }

  public List<Hit> hits() {
    return List.copyOf(hits);
  }

  /** How many octets of the secret were found, wherever they were. */
  public int octetsFound(String label) {
    Set<Integer> found = new TreeSet<>();
    for (Hit hit : hits) {
      if (hit.label().equals(label)) {
        for (int i = 0; i < PIECE_OCTETS; i++) {
          found.add(hit.offset() + i);
        }
      }
    }
    return found.size();
  }

  private void found(long end) {
    List<Pattern> candidates = byTail.get(tail);
    if (candidates == null) {
      return;
    }
    for (Pattern pattern : candidates) {
      if (endsWith(pattern.octets()) && hits.size() < MAX_HITS) {
        hits.add(new Hit(pattern.label(), pattern.form(), pattern.offset(), place, end));
      }
    }
  }

  private boolean endsWith(Bytes pattern) {
    if (inARow < pattern.size()) {
      return false;
    }
    for (int i = 0; i < pattern.size(); i++) {
      if (recent[(int) ((inARow - pattern.size() + i) % MAX_PATTERN_OCTETS)]
          != (byte) pattern.at(i)) {
        return false;
      }
    }
    return true;
  }

  private void addForms(Secret secret) {
    int size = secret.octets().size();
    for (int from = 0; from + PIECE_OCTETS <= size; from += PIECE_OCTETS) {
      byte[] piece = secret.octets().slice(from, from + PIECE_OCTETS).toArray();
      String hex = HexFormat.of().formatHex(piece);
      add(secret, "as it is", from, piece);
      add(secret, "words reversed", from, reversed(piece, 4));
      add(secret, "long words reversed", from, reversed(piece, PIECE_OCTETS));
      add(secret, "as hex", from, ascii(hex));
      add(secret, "as HEX", from, ascii(hex.toUpperCase(Locale.ROOT)));
    }
    String base64 = Base64.getEncoder().encodeToString(secret.octets().toArray());
    add(secret, "as base64", 0, ascii(base64.substring(0, Math.min(size / 3 * 4, 40))));
  }

  private void add(Secret secret, String form, int offset, byte[] octets) {
    long end = 0;
    for (int i = octets.length - PIECE_OCTETS; i < octets.length; i++) {
      end = end << 8 | (octets[i] & 0xff);
    }
    filter[(int) end & 0xffff] = true;
    byTail
        .computeIfAbsent(end, key -> new ArrayList<>())
        .add(new Pattern(secret.label(), form, offset, Bytes.copyOf(octets)));
  }

  private static byte[] reversed(byte[] octets, int wordOctets) {
    byte[] reversed = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      int word = i / wordOctets * wordOctets;
      reversed[word + wordOctets - 1 - i % wordOctets] = octets[i];
    }
    return reversed;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
