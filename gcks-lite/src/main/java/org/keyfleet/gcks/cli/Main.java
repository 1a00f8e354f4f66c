package org.keyfleet.gcks.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Entry point of {@code keyfleet-gcks}. */
public final class Main {
  private static final String VERSION = "0.1.0";

  private Main() {}

  public static void main(String[] arguments) {
    // sqlite-jdbc logs with SLF4J, which would complain on stderr that nobody listens
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = run(out, err, new SecureRandom(), InstantSource.system(), arguments);
    out.flush();
    err.flush();
    System.exit(code);
  }

  /** Runs one command; gives its exit code. */
  static int run(
      PrintWriter out,
      PrintWriter err,
      SecureRandom random,
      InstantSource clock,
      String... arguments) {
    Terminal terminal = new Terminal(out, err, random, clock);
    CommandLine line = new CommandLine(spec(terminal));
    line.setOut(out).setErr(err);
    line.setParameterExceptionHandler(
        (e, rejected) -> {
          String command = e.getCommandLine().getCommandSpec().qualifiedName();
          err.println("keyfleet-gcks: " + e.getMessage() + "; see " + command + " --help");
          return ExitCode.USAGE.code();
        });
    return line.execute(arguments);
  }

  private static CommandSpec spec(Terminal terminal) {
    CommandSpec root = Verbs.group("keyfleet-gcks", "The key server of a Keyfleet.", terminal);
    root.version("keyfleet-gcks " + VERSION)
        .addOption(
            OptionSpec.builder("--version")
                .versionHelp(true)
                .type(boolean.class)
                .description("show the version")
                .build());
    root.addSubcommand("init", InitCommand.spec(terminal));
    root.addSubcommand("serve", ServeCommand.spec(terminal));
    root.addSubcommand("status", ReadCommands.status(terminal));
    root.addSubcommand("audit", ReadCommands.audit(terminal));
    root.addSubcommand("group", GroupCommands.spec(terminal));
    root.addSubcommand("member", MemberCommands.spec(terminal));
    root.addSubcommand("evict", MemberCommands.evict(terminal));
    root.addSubcommand("rekey", GroupCommands.rekey(terminal));
    return root;
  }
}
