package org.keyfleet.gcks.policy;

import java.nio.file.Path;
import java.time.Duration;

/** The small CA that {@code init} makes and {@code member enroll} uses. */
public record CaSettings(Path certificate, Path key, Duration validity) {}
