package org.keyfleet.gcks.store;

/** The store could not be read or written; nothing of the transaction is in it. */
public final class StoreException extends Exception {
  private static final long serialVersionUID = 1L;

  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
