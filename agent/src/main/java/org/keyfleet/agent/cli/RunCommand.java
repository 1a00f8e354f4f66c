package org.keyfleet.agent.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.keyfleet.agent.config.AgentConfig;
import org.keyfleet.agent.config.ConfigException;
import org.keyfleet.agent.config.ConfigReader;
import org.keyfleet.agent.run.AgentRuntime;
import org.keyfleet.agent.run.EndedException;
import org.keyfleet.agent.run.StartException;
import org.keyfleet.hsm.CustodyException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code keyfleet-agent run}: registers, follows rekeys and protects data until it is ended. */
final class RunCommand implements Command {
  private static final long END_MILLIS = 5_000;

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("run");
    spec.usageMessage()
        .description(
            "Runs the agent in the foreground: registers with each group, follows its rekeys and protects its data. Ends with SIGTERM.");
    return spec;
  }

  @Override
  public void run(ParseResult arguments, PrintStream out)
      throws CommandFailedException, ConfigException, CustodyException, IOException {
    run(ConfigReader.read(ConfigOption.of(arguments)));
  }

  static void run(AgentConfig config) throws CommandFailedException, CustodyException, IOException {
    CountDownLatch closed = new CountDownLatch(1);
    try (AgentRuntime runtime = AgentRuntime.open(config)) {
      Thread end = new Thread(() -> end(runtime, closed), "keyfleet-end");
      Runtime.getRuntime().addShutdownHook(end);
      runtime.run();
    } catch (StartException | EndedException e) {
      throw new CommandFailedException(ExitCode.FAILED, String.valueOf(e.getMessage()));
    } finally {
      closed.countDown();
    }
  }

  /** Lets the owner thread close what it owns before the process goes. */
  private static void end(AgentRuntime runtime, CountDownLatch closed) {
    runtime.stop();
    try {
      if (!closed.await(END_MILLIS, TimeUnit.MILLISECONDS)) {
        System.getLogger(RunCommand.class.getName())
            .log(System.Logger.Level.WARNING, "the agent did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
