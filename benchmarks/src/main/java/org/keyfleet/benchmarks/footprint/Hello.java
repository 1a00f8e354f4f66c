package org.keyfleet.benchmarks.footprint;

/** The floor: a Java program that says hello and waits until its input ends. */
public final class Hello {
  private Hello() {}

  public static void main(String[] arguments) throws java.io.IOException {
    System.out.println("Hello, world");
    while (System.in.read() >= 0) {
      // nothing: the one who started us closes our input when he has seen enough
    }
  }
}
