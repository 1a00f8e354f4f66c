package org.keyfleet.agent.cli;

import java.io.IOException;
import java.io.PrintStream;
import org.keyfleet.agent.config.ConfigException;
import org.keyfleet.hsm.CustodyException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One command: what it looks like and what it does. */
interface Command {
  /** Name, help text, options; {@code --config} and {@code --help} are added to each. */
  CommandSpec spec();

  void run(ParseResult arguments, PrintStream out)
      throws CommandFailedException,
          ConfigException,
          CustodyException,
          IOException,
          InterruptedException;
}
