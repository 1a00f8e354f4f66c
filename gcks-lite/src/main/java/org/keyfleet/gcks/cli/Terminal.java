package org.keyfleet.gcks.cli;

import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.InstantSource;

/** What a command can reach of the outside. */
record Terminal(PrintWriter out, PrintWriter err, SecureRandom random, InstantSource clock) {}
