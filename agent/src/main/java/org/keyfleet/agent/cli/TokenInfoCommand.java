package org.keyfleet.agent.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.keyfleet.agent.config.AgentConfig;
import org.keyfleet.agent.config.ConfigException;
import org.keyfleet.agent.token.AgentToken;
import org.keyfleet.agent.token.TokenReport;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyRef;
import org.keyfleet.hsm.TokenAdmin;
import org.keyfleet.hsm.TokenDescription;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code keyfleet-agent token info}: what was found, what was proved, what the groups ask, what to
 * change; and the keys.
 */
final class TokenInfoCommand implements TokenVerb {
  private static final String RUNNING = "--running";

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        TokenOptions.spec(
            "info",
            "Opens the token, measures what it can do, and shows what was found, what was proved, what the groups' policies ask"
                + " and what to change; then its Keyfleet keys with their attributes.");
    TokenOptions.flag(
        spec,
        RUNNING,
        "Asks the running agent instead: its session keys, which nobody else sees, are listed too.");
    TokenOptions.token(spec);
    return TokenOptions.json(spec);
  }

  @Override
  public void run(TokenCall call, PrintStream out)
      throws CommandFailedException, ConfigException, CustodyException, IOException {
    TokenFindings findings = call.has(RUNNING) ? running(call) : opened(call);
    if (call.has(TokenOptions.JSON)) {
      out.println(JsonWriter.string(json(findings)));
    } else {
      TokenTable.print(findings, out);
    }
  }

  private static TokenFindings opened(TokenCall call)
      throws CommandFailedException, ConfigException, CustodyException, IOException {
    Optional<AgentConfig> config = call.config();
    AgentToken token = call.token();
    TokenDescription description = TokenAdmin.describe(token.config());
    try (KeyCustody custody = token.open()) {
      List<GroupDemand> demands =
          config.isPresent() ? GroupDemand.of(config.get(), custody, call.random()) : List.of();
      Optional<KeyRef> identity = custody.find(AgentToken.IDENTITY);
      boolean certificate = identity.isPresent() && custody.certificate(identity.get()).isPresent();
      return new TokenFindings(
          TokenReport.of(token.label(), custody),
          Optional.of(description),
          demands,
          Optional.of(certificate));
    }
  }

  private static TokenFindings running(TokenCall call)
      throws CommandFailedException, ConfigException {
    AgentConfig config =
        call.config()
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        ExitCode.USAGE, RUNNING + " needs the agent's configuration: --config"));
    JsonObject report = Asking.ask(config, Asking.command("token"));
    return new TokenFindings(
        report, Optional.empty(), GroupDemand.ofRunning(config), Optional.empty());
  }

  private static JsonObject json(TokenFindings findings) {
    JsonObject json = new JsonObject(findings.report());
    findings.description().ifPresent(token -> json.put("found", DescribedToken.json(token)));
    findings.certificate().ifPresent(there -> json.put("certificate", there));
    JsonArray groups = new JsonArray();
    for (GroupDemand demand : findings.demands()) {
      JsonObject group = new JsonObject();
      group.put("group", demand.group());
      group.put("level", demand.level().name());
      group.put("asks", demand.asks());
      group.put("met", findings.level().meets(demand.level()));
      groups.add(group);
    }
    json.put("groups", groups);
    JsonArray changes = new JsonArray();
    changes.addAll(findings.changes());
    json.put("toChange", changes);
    return json;
  }
}
