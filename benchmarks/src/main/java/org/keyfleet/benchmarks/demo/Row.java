package org.keyfleet.benchmarks.demo;

/** One member as the table and the report show it. */
record Row(
    String id,
    String transport,
    String custody,
    String token,
    String state,
    long registeredMillis,
    long rekeysApplied,
    long lastMessageId,
    int read,
    int sent) {}
