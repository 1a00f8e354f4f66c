package org.keyfleet.agent.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.keyfleet.agent.config.AgentConfig;
import org.keyfleet.agent.config.ConfigException;
import org.keyfleet.agent.token.AgentToken;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyLevel;
import org.keyfleet.hsm.CustodySelfTest;
import org.keyfleet.hsm.KeyCustody;
import picocli.CommandLine.Model.CommandSpec;

/** {@code keyfleet-agent token selftest}: known-answer tests, and whether they reach the level. */
final class TokenTestCommand implements TokenVerb {
  private static final String REQUIRE = "--require";

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        TokenOptions.spec(
            "selftest",
            "Runs the known-answer tests and prints each with 'pass', or 'refused' and the reason. Ends with 0 only if all that"
                + " a member does gives the right answer and the custody level is at least the one that the groups ask for.");
    TokenOptions.text(
        spec,
        REQUIRE,
        "LEVEL",
        "in-token, token-rooted or host; default: what the groups of the configuration ask for, and host without one.");
    TokenOptions.token(spec);
    return TokenOptions.json(spec);
  }

  @Override
  public void run(TokenCall call, PrintStream out)
      throws CommandFailedException, ConfigException, CustodyException, IOException {
    Optional<CustodyLevel> given = level(call.text(REQUIRE));
    Optional<AgentConfig> config = call.config();
    AgentToken token = call.token();
    List<CustodySelfTest.Line> lines = new ArrayList<>();
    CustodyLevel level;
    CustodyLevel required = given.orElse(CustodyLevel.HOST);
    try (KeyCustody custody = token.open()) {
      level = custody.capabilities().level();
      List<CustodySelfTest.Line> answers =
          CustodySelfTest.of(custody, AgentToken.IDENTITY, call.random());
      if (given.isEmpty() && config.isPresent()) {
        required = GroupDemand.strongest(GroupDemand.of(config.get(), custody, call.random()));
      }
      print(call, token.label(), custody, answers, required, out);
      lines.addAll(answers);
    }
    long wrong = lines.stream().filter(line -> !line.passed()).count();
    if (wrong > 0) {
      throw new CommandFailedException(
          ExitCode.TOKEN,
          "token "
              + token.label()
              + " fails "
              + wrong
              + " of "
              + lines.size()
              + " tests of what a member does: take another token");
    }
    if (!level.meets(required)) {
      throw new CommandFailedException(
          ExitCode.TOKEN,
          "token "
              + token.label()
              + " reaches level "
              + level
              + ", and "
              + required
              + " is asked for: see token info");
    }
  }

  private static void print(
      TokenCall call,
      String label,
      KeyCustody custody,
      List<CustodySelfTest.Line> answers,
      CustodyLevel required,
      PrintStream out) {
    CustodyLevel level = custody.capabilities().level();
    if (call.has(TokenOptions.JSON)) {
      JsonObject found = new JsonObject();
      found.put("token", label);
      found.put("level", level.name());
      found.put("required", required.name());
      found.put("met", level.meets(required));
      JsonObject notes = new JsonObject();
      custody.capabilities().notes().forEach(notes::put);
      found.put("measured", notes);
      JsonArray tests = new JsonArray();
      for (CustodySelfTest.Line line : answers) {
        JsonObject test = new JsonObject();
        test.put("name", line.name());
        test.put("passed", line.passed());
        test.put("reason", line.reason());
        tests.add(test);
      }
      found.put("tests", tests);
      out.println(JsonWriter.string(found));
      return;
    }
    out.println("token " + label);
    out.println("measured when it was opened:");
    MeasuredNotes.print(custody.capabilities().notes(), out);
    out.println("what a member does:");
    for (CustodySelfTest.Line line : answers) {
      MeasuredNotes.print(line.name(), line.passed() ? "right" : line.reason(), out);
    }
    String verdict = level.meets(required) ? "reached" : "NOT REACHED";
    out.println("custody level " + level + "; asked for: " + required + ", " + verdict);
  }

  private static Optional<CustodyLevel> level(Optional<String> word) throws CommandFailedException {
    if (word.isEmpty()) {
      return Optional.empty();
    }
    for (CustodyLevel level : CustodyLevel.values()) {
      if (level.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(word.get())) {
        return Optional.of(level);
      }
    }
    throw new CommandFailedException(
        ExitCode.USAGE, REQUIRE + " takes in-token, token-rooted or host");
  }
}
