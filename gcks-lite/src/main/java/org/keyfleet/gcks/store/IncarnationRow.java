package org.keyfleet.gcks.store;

import org.keyfleet.protocol.octets.Bytes;

/**
 * One life of the server: the keys of the ids that it gave out depend on its random octets.
 *
 * @param firstKeyId the first Key ID that this life may give out
 * @param firstSerial the first serial number that it may give out
 * @param random 16 octets, drawn when the server started
 */
public record IncarnationRow(long firstKeyId, long firstSerial, Bytes random) {}
