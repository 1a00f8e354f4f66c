package org.keyfleet.gcks.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Entry point of {@code keyfleet-gcks}. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
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
          err.println("keyfleet-gcks: " + e.getMessage());
          return ExitCode.USAGE.code();
        });
    return line.execute(arguments);
  }

  private static CommandSpec spec(Terminal terminal) {
    CommandSpec root = Verbs.group("keyfleet-gcks", "The key server of a Keyfleet.", terminal);
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
