package org.keyfleet.agent.journal;

import org.keyfleet.protocol.octets.Bytes;

/**
 * What the owner writes and reads back; no key in clear.
 *
 * @param type the owner's, 0 to 255
 */
public record JournalEntry(int type, Bytes body) {}
