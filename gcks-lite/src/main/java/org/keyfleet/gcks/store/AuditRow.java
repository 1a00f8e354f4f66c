package org.keyfleet.gcks.store;

/** One line of the audit trail. */
public record AuditRow(long sequence, long atMillis, String group, String event, String detail) {}
