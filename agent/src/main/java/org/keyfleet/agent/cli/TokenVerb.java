package org.keyfleet.agent.cli;

import java.io.IOException;
import java.io.PrintStream;
import org.keyfleet.agent.config.ConfigException;
import org.keyfleet.hsm.CustodyException;
import picocli.CommandLine.Model.CommandSpec;

/** One of the commands under {@code keyfleet-agent token}. */
interface TokenVerb {
  CommandSpec spec();

  void run(TokenCall call, PrintStream out)
      throws CommandFailedException, ConfigException, CustodyException, IOException;
}
