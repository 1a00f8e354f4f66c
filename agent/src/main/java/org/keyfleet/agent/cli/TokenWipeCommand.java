package org.keyfleet.agent.cli;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keyfleet.agent.config.AgentConfig;
import org.keyfleet.agent.config.ConfigException;
import org.keyfleet.agent.journal.Journal;
import org.keyfleet.agent.run.StartException;
import org.keyfleet.agent.run.StateLock;
import org.keyfleet.agent.token.AgentToken;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyRecord;
import picocli.CommandLine.Model.CommandSpec;

/** {@code keyfleet-agent token wipe}: destroys Keyfleet's keys, and no other application's. */
final class TokenWipeCommand implements TokenVerb {
  private static final String YES = "--yes";
  private static final String JOURNALS = "--journals";

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        TokenOptions.spec(
            "wipe",
            "Destroys Keyfleet's keys and certificates on the token, for good: identity, root keys, half-made objects. Lists"
                + " them and asks for the token's label first. Objects of other applications and the PIN stay. The agent must"
                + " not run.");
    TokenOptions.text(spec, YES, "LABEL", "Does not ask; LABEL is the token's label.");
    TokenOptions.flag(
        spec,
        JOURNALS,
        "Deletes the journals in the state directory too: without the keys they are of no use.");
    return TokenOptions.token(spec);
  }

  @Override
  public void run(TokenCall call, PrintStream out)
      throws CommandFailedException, ConfigException, CustodyException, IOException {
    Optional<AgentConfig> config = call.config();
    AgentToken token = call.token();
    if (call.has(JOURNALS) && config.isEmpty()) {
      throw new CommandFailedException(
          ExitCode.USAGE, JOURNALS + ": which ones? name the configuration with --config");
    }
    StateLock lock = lock(config);
    try {
      int destroyed = wipe(call, token, out);
      out.println(
          "token "
              + token.label()
              + ": "
              + destroyed
              + " objects destroyed, public keys and certificates among them");
      if (call.has(JOURNALS)) {
        for (Path journal : journals(config.orElseThrow())) {
          Files.delete(journal);
          out.println("deleted " + journal);
        }
      }
    } finally {
      if (lock != null) {
        lock.close();
      }
    }
  }

  private static int wipe(TokenCall call, AgentToken token, PrintStream out)
      throws CommandFailedException, CustodyException {
    try (KeyCustody custody = token.open()) {
      List<KeyRecord> keys = custody.inventory();
      out.println("Keyfleet's keys on token " + token.label() + ": " + keys.size());
      for (KeyRecord key : keys) {
        out.println("  " + key.name() + " " + key.role() + " " + key.lifetime());
      }
      requireConsent(call.text(YES), token.label());
      int destroyed = custody.retainPersistent(Set.of());
      List<KeyRecord> left = custody.inventory();
      if (!left.isEmpty()) {
        throw new CustodyException(
            CustodyFault.INTERNAL,
            "token " + token.label() + " keeps " + left.get(0).name() + ": initialise it anew");
      }
      return destroyed;
    }
  }

  @SuppressWarnings("SystemConsoleNull") // from JDK 22 on the end of the input comes as null
  private static void requireConsent(Optional<String> yes, String label)
      throws CommandFailedException {
    String answer = yes.orElse(null);
    if (answer == null) {
      Console console = System.console();
      if (console == null) {
        throw new CommandFailedException(
            ExitCode.USAGE, "nothing destroyed: nobody to ask here; say --yes " + label);
      }
      answer = console.readLine("Destroys them for good. Type the token's label to go on: ");
    }
    if (!label.equals(answer)) {
      throw new CommandFailedException(
          ExitCode.USAGE, "nothing destroyed: the token's label is " + label);
    }
  }

  /** Held while the keys go, so that no agent starts with half of them. */
  private static @Nullable StateLock lock(Optional<AgentConfig> config)
      throws CommandFailedException {
    if (config.isEmpty() || Files.notExists(config.get().stateDirectory())) {
      return null;
    }
    try {
      return StateLock.take(config.get().stateDirectory());
    } catch (StartException e) {
      throw new CommandFailedException(ExitCode.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private static List<Path> journals(AgentConfig config) throws IOException {
    List<Path> journals = new ArrayList<>();
    if (Files.exists(config.stateDirectory())) {
      try (Stream<Path> files = Files.list(config.stateDirectory())) {
        files
            .filter(file -> isJournal(String.valueOf(file.getFileName())))
            .sorted()
            .forEach(journals::add);
      }
    }
    return journals;
  }

  private static boolean isJournal(String name) {
    return name.endsWith(Journal.SUFFIX) || name.endsWith(Journal.SUFFIX + ".new");
  }
}
