package org.keyfleet.agent.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.keyfleet.agent.config.ConfigException;
import org.keyfleet.agent.config.ConfigReader;
import org.keyfleet.hsm.CustodyException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code keyfleet-agent}: parses the command line without annotations, so without reflection. */
public final class Main {
  static final String VERSION = "0.1.0";

  /** Not {@link ConfigOption}'s, which needs picocli. */
  static final Path DEFAULT_CONFIG = Path.of("/etc/keyfleet/agent.toml");

  private final List<Command> commands;
  private final PrintStream out;
  private final PrintStream err;

  Main(List<Command> commands, PrintStream out, PrintStream err) {
    this.commands = List.copyOf(commands);
    this.out = out;
    this.err = err;
  }

  public static void main(String[] arguments) {
    Path config = RunArguments.onlyConfig(arguments, DEFAULT_CONFIG);
    ExitCode exitCode =
        config == null
            ? new Main(commands(), System.out, System.err).execute(arguments)
            : runAgent(config);
    System.exit(exitCode.code());
  }

  static List<Command> commands() {
    return List.of(
        new InitCommand(),
        new RunCommand(),
        new StatusCommand(),
        new JoinCommand(),
        new LeaveCommand(),
        new TokenCommand(),
        new KeysCommand());
  }

  private static ExitCode runAgent(Path config) {
    Main main = new Main(List.of(), System.out, System.err);
    return main.guarded(() -> RunCommand.run(ConfigReader.read(config)));
  }

  ExitCode execute(String... arguments) {
    CommandLine line = new CommandLine(spec());
    try {
      ParseResult result = line.parseArgs(arguments);
      if (result.isVersionHelpRequested()) {
        out.println("keyfleet-agent " + VERSION);
        return ExitCode.DONE;
      }
      if (!result.hasSubcommand()) {
        line.usage(out);
        return result.isUsageHelpRequested() ? ExitCode.DONE : ExitCode.USAGE;
      }
      ParseResult last = result;
      while (last.hasSubcommand()) {
        last = last.subcommand();
      }
      if (last.isUsageHelpRequested()) {
        last.commandSpec().commandLine().usage(out);
        return ExitCode.DONE;
      }
      ParseResult command = result.subcommand();
      return guarded(() -> command(command.commandSpec().name()).run(command, out));
    } catch (ParameterException e) {
      String command = e.getCommandLine().getCommandSpec().qualifiedName();
      return fail(ExitCode.USAGE, e.getMessage() + "; see " + command + " --help");
    }
  }

  /** What a command does, with all that can go wrong. */
  private interface Work {
    void run()
        throws CommandFailedException,
            ConfigException,
            CustodyException,
            IOException,
            InterruptedException;
  }

  private ExitCode guarded(Work work) {
    try {
      work.run();
      return ExitCode.DONE;
    } catch (CommandFailedException e) {
      return fail(e.exitCode(), OneLine.of(e));
    } catch (ConfigException e) {
      return fail(ExitCode.USAGE, OneLine.of(e));
    } catch (CustodyException e) {
      return fail(ExitCode.TOKEN, OneLine.of(e));
    } catch (IOException e) {
      return fail(ExitCode.FAILED, OneLine.of(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return fail(ExitCode.FAILED, "interrupted");
    }
  }

  private Command command(String name) {
    for (Command command : commands) {
      if (command.spec().name().equals(name)) {
        return command;
      }
    }
    throw new IllegalStateException("a command without code: " + name);
  }

  private CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("keyfleet-agent");
    spec.usageMessage()
        .description("The member of a group: registers, follows rekeys, protects data.");
    spec.addOption(help()).addOption(version());
    exitCodes(spec);
    for (Command command : commands) {
      CommandSpec sub = command.spec();
      complete(sub);
      spec.addSubcommand(sub.name(), sub);
    }
    return spec;
  }

  /** What every command has, and those under it. */
  private static void complete(CommandSpec spec) {
    spec.addOption(help()).addOption(ConfigOption.spec());
    exitCodes(spec);
    for (CommandLine sub : spec.subcommands().values()) {
      complete(sub.getCommandSpec());
    }
  }

  private ExitCode fail(ExitCode exitCode, String message) {
    err.println("keyfleet-agent: " + message);
    return exitCode;
  }

  private static void exitCodes(CommandSpec spec) {
    Map<String, String> list = new LinkedHashMap<>();
    for (ExitCode exitCode : ExitCode.values()) {
      list.put(String.valueOf(exitCode.code()), exitCode.meaning());
    }
    spec.usageMessage().exitCodeListHeading("Exit codes:%n").exitCodeList(list);
  }

  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help")
        .usageHelp(true)
        .description("Show this help.")
        .build();
  }

  private static OptionSpec version() {
    return OptionSpec.builder("--version")
        .versionHelp(true)
        .description("Show the version.")
        .build();
  }
}
