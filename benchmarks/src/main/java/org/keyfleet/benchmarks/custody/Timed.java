package org.keyfleet.benchmarks.custody;

/** One operation, over and over: only {@link Call#make} is on the clock. */
final class Timed {
  /** Makes something; what has to be undone is undone off the clock. */
  interface Call<T, X extends Exception> {
    T make() throws X;
  }

  /** Undoes it. */
  interface Undo<T, X extends Exception> {
    void undo(T made) throws X;
  }

  private Timed() {}

  /** As many times, after a quarter as many that do not count. */
  static <T, X extends Exception> long[] nanos(int count, Call<T, X> call, Undo<T, X> undo)
      throws X {
    long[] nanos = new long[count];
    for (int i = -count / 4; i < count; i++) {
      long start = System.nanoTime();
      T made = call.make();
      long end = System.nanoTime();
      undo.undo(made);
      if (i >= 0) {
        nanos[i] = end - start;
      }
    }
    return nanos;
  }
}
