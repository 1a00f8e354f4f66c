package org.keyfleet.benchmarks.demo;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.keyfleet.benchmarks.fleet.TokenKind;

/**
 * What the user of {@code ./keyfleet demo} asked for.
 *
 * @param json where the report goes
 * @param pcap where the capture goes
 * @param keys folder for the Wireshark key tables of this run
 * @param trimmedRuntime whether agents run on the device runtime
 */
record DemoOptions(
    @Nullable Path json,
    @Nullable Path pcap,
    @Nullable Path keys,
    String custody,
    TokenKind token,
    boolean trimmedRuntime,
    Path runtime,
    @Nullable Path directory) {}
