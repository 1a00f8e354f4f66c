package org.keyfleet.gcks.server;

import org.keyfleet.gcks.group.GroupEngine;
import org.keyfleet.gcks.group.GroupMachinery;

/** A group with what carries its messages. */
record GroupRuntime(GroupEngine engine, GroupMachinery machinery, RekeyOutbox outbox) {}
