package org.keyfleet.benchmarks.custody;

/** Under which number, and with or without initial value, a token does RFC 5649. */
record RawMechanism(long code, boolean withIv) {
  /** Of the note of a measured token, {@code kwp 0x210A} or {@code kwp 0x210B with IV}. */
  static RawMechanism ofNote(String note) {
    int at = note.indexOf("0x");
    if (at < 0) {
      throw new IllegalArgumentException("the token does not unwrap: " + note);
    }
    return new RawMechanism(
        Long.parseLong(note.substring(at + 2, at + 6), 16), note.contains("IV"));
  }

  String hex() {
    return Long.toHexString(code);
  }
}
