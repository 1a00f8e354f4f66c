package org.keyfleet.agent.cli;

import java.io.IOException;
import java.io.PrintStream;
import org.keyfleet.agent.config.AgentConfig;
import org.keyfleet.agent.config.ConfigException;
import org.keyfleet.agent.config.ConfigReader;
import org.keyfleet.hsm.CustodyException;
import picocli.CommandLine.ParseResult;

/** A command that does nothing without a configuration. */
interface ConfiguredCommand extends Command {
  void run(AgentConfig config, ParseResult arguments, PrintStream out)
      throws CommandFailedException,
          ConfigException,
          CustodyException,
          IOException,
          InterruptedException;

  @Override
  default void run(ParseResult arguments, PrintStream out)
      throws CommandFailedException,
          ConfigException,
          CustodyException,
          IOException,
          InterruptedException {
    run(ConfigReader.read(ConfigOption.of(arguments)), arguments, out);
  }
}
