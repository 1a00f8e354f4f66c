package org.keyfleet.benchmarks.fleet;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.keyfleet.protocol.octets.Bytes;

/**
 * What an attacker who reads a process's memory sees: every readable page of {@code /proc/PID/mem}.
 * Needs the same user and a parent's right to trace, or root.
 */
public final class ProcessMemory {
  private static final int CHUNK_OCTETS = 1 << 20;

  private final long pid;

  public ProcessMemory(long pid) {
    this.pid = pid;
  }

  /**
   * Where one of the {@code needles} stands: "label at address (mapping)". Empty when none does.
   */
  public List<String> find(List<Needle> needles) throws IOException {
    List<String> found = new ArrayList<>();
    try (RandomAccessFile memory = new RandomAccessFile("/proc/" + pid + "/mem", "r")) {
      for (String mapping : Files.readAllLines(Path.of("/proc/" + pid + "/maps"))) {
        if (readable(mapping)) {
          scan(memory, mapping, needles, found);
        }
      }
    }
    return found;
  }

  /** A secret that must not be there. */
  public record Needle(String label, Bytes octets) {}

  private static boolean readable(String mapping) {
    return mapping.contains(" r") && !mapping.endsWith("[vvar]") && !mapping.endsWith("[vsyscall]");
  }

  private static void scan(
      RandomAccessFile memory, String mapping, List<Needle> needles, List<String> found)
      throws IOException {
    int dash = mapping.indexOf('-');
    long at = Long.parseUnsignedLong(mapping.substring(0, dash), 16);
    long end = Long.parseUnsignedLong(mapping.substring(dash + 1, mapping.indexOf(' ')), 16);
    int overlap = needles.stream().mapToInt(needle -> needle.octets().size()).max().orElse(1) - 1;
    byte[] chunk = new byte[CHUNK_OCTETS + overlap];
    while (at < end) {
      int count = read(memory, at, chunk, (int) Math.min(chunk.length, end - at));
      for (Needle needle : needles) {
        int where = indexOf(chunk, count, needle.octets().toArray());
        if (where >= 0) {
          found.add(
              needle.label() + " at 0x" + Long.toHexString(at + where) + " (" + mapping + ")");
        }
      }
      at += CHUNK_OCTETS;
    }
  }

  /** Octets read; 0 where pages are reserved but not there. */
  private static int read(RandomAccessFile memory, long at, byte[] chunk, int wanted) {
    try {
      memory.seek(at);
      return Math.max(0, memory.read(chunk, 0, wanted));
    } catch (IOException e) {
      return 0;
    }
  }

  private static int indexOf(byte[] chunk, int count, byte[] needle) {
    byte first = needle[0];
    for (int at = 0; at <= count - needle.length; at++) {
      if (chunk[at] == first && matches(chunk, at, needle)) {
        return at;
      }
    }
    return -1;
  }

  private static boolean matches(byte[] chunk, int at, byte[] needle) {
    for (int i = 1; i < needle.length; i++) {
      if (chunk[at + i] != needle[i]) {
        return false;
      }
    }
    return true;
  }
}
