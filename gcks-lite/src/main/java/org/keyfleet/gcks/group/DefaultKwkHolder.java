package org.keyfleet.gcks.group;

/** A {@link DefaultKwk} whose key is the holder's. */
record DefaultKwkHolder(DefaultKwk kwk) implements AutoCloseable {
  @Override
  public void close() {
    kwk.gskW().close();
  }
}
