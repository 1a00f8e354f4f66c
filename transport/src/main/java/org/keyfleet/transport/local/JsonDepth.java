package org.keyfleet.transport.local;

/**
 * Bounds how deep the JSON of a line is nested, before a parser that recurses sees it: a line of
 * permitted length can hold thousands of brackets, enough to use up a thread's stack.
 */
public final class JsonDepth {
  /** Ours: commands need three levels. */
  public static final int MAX_LEVELS = 32;

  private JsonDepth() {}

  /**
   * Whether objects and arrays lie at most {@link #MAX_LEVELS} deep; says nothing else of a line.
   */
  public static boolean fits(String line) {
    int depth = 0;
    boolean text = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (text) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          text = false;
        }
      } else if (c == '"') {
        text = true;
      } else if (c == '{' || c == '[') {
        depth++;
        if (depth > MAX_LEVELS) {
          return false;
        }
      } else if (c == '}' || c == ']') {
        depth--;
      }
    }
    return true;
  }
}
