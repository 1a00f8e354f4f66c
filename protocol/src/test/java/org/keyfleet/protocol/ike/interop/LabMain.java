package org.keyfleet.protocol.ike.interop;

/**
 * A laboratory peer as a process of its own, so that it can run in a network namespace. It says
 * what happens in one word and its value a line, and ends with 0 when all went well.
 */
public final class LabMain {
  private LabMain() {}

  public static void main(String[] words) throws Exception {
    LabOptions options = LabOptions.parse(words);
    if (options.get("role", "initiator").equals("initiator")) {
      new LabInitiator(options).run();
    } else {
      new LabResponder(options).run();
    }
  }

  static void say(String line) {
    System.out.println(line);
  }
}
