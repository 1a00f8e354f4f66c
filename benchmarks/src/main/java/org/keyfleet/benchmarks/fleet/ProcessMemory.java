package org.keyfleet.benchmarks.fleet;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What an attacker who reads a process's memory sees: every readable page of {@code /proc/PID/mem}.
 * Needs the same user and a parent's right to trace, or root.
 */
public final class ProcessMemory {
  private static final int CHUNK_OCTETS = 1 << 20;
  private static final int PAGE_OCTETS = 4096;

  private final long pid;

  public ProcessMemory(long pid) {
    this.pid = pid;
  }

  /**
   * Shows all of it to {@code search}, while the process runs on.
   *
   * @return octets that the kernel lists as readable and does not let be read
   */
  public long show(SecretSearch search) throws IOException {
    long unread = 0;
    byte[] chunk = new byte[CHUNK_OCTETS];
    try (RandomAccessFile memory = new RandomAccessFile("/proc/" + pid + "/mem", "r")) {
      for (String mapping : Files.readAllLines(Path.of("/proc/" + pid + "/maps"))) {
        if (readable(mapping)) {
          unread += show(memory, mapping, chunk, search);
        }
      }
    }
    return unread;
  }

  private static boolean readable(String mapping) {
    return mapping.contains(" r") && !mapping.endsWith("[vvar]") && !mapping.endsWith("[vsyscall]");
  }

  private static long show(
      RandomAccessFile memory, String mapping, byte[] chunk, SecretSearch search)
      throws IOException {
    int dash = mapping.indexOf('-');
    long at = Long.parseUnsignedLong(mapping.substring(0, dash), 16);
    long end = Long.parseUnsignedLong(mapping.substring(dash + 1, mapping.indexOf(' ')), 16);
    String place = name(mapping);
    long unread = 0;
    search.startAt(place, at);
    while (at < end) {
      int count = read(memory, at, chunk, (int) Math.min(chunk.length, end - at));
      if (count > 0) {
        search.search(chunk, count);
        at += count;
      } else {
        at += PAGE_OCTETS;
        unread += PAGE_OCTETS;
        search.startAt(place, at);
      }
    }
    return unread;
  }

  /** Octets read; 0 where the page is listed but cannot be read, or is gone by now. */
  private static int read(RandomAccessFile memory, long at, byte[] chunk, int wanted) {
    try {
      memory.seek(at);
      return Math.max(0, memory.read(chunk, 0, wanted));
    } catch (IOException e) {
      return 0;
    }
  }

  /** Permissions and file of a line of {@code /proc/PID/maps}. */
  private static String name(String mapping) {
    String[] words = mapping.split(" +", 6);
    return words[1] + " " + (words.length < 6 || words[5].isEmpty() ? "anonymous" : words[5]);
  }
}
