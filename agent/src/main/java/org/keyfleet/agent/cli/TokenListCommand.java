package org.keyfleet.agent.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.keyfleet.agent.config.AgentConfig;
import org.keyfleet.agent.config.ConfigException;
import org.keyfleet.agent.config.TokenKind;
import org.keyfleet.agent.config.TokenSettings;
import org.keyfleet.agent.token.AgentToken;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.TokenAdmin;
import org.keyfleet.hsm.TokenDescription;
import org.keyfleet.hsm.pkcs11.TokenList;
import picocli.CommandLine.Model.CommandSpec;

/** {@code keyfleet-agent token list}: the tokens that a library shows; nobody logs in. */
final class TokenListCommand implements TokenVerb {
  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        TokenOptions.spec(
            "list",
            "Lists the tokens that a PKCS#11 library shows, each with the URI that agent.toml and --token take. Needs no PIN,"
                + " and with --module no configuration.");
    TokenOptions.path(
        spec,
        TokenOptions.MODULE,
        "LIBRARY",
        "The PKCS#11 library, for example /usr/lib/softhsm/libsofthsm2.so; default: the one of the configuration.");
    return TokenOptions.json(spec);
  }

  @Override
  public void run(TokenCall call, PrintStream out)
      throws CommandFailedException, ConfigException, CustodyException {
    List<TokenDescription> tokens = tokens(call);
    if (call.has(TokenOptions.JSON)) {
      JsonArray list = new JsonArray();
      tokens.forEach(token -> list.add(DescribedToken.json(token)));
      JsonObject found = new JsonObject();
      found.put("tokens", list);
      out.println(JsonWriter.string(found));
      return;
    }
    if (tokens.isEmpty()) {
      out.println("no token: the library has no slot with one in it");
    }
    for (TokenDescription token : tokens) {
      out.println(token.label().isEmpty() ? "a blank token" : "token " + token.label());
      DescribedToken.print(token, out);
    }
  }

  private static List<TokenDescription> tokens(TokenCall call)
      throws CommandFailedException, ConfigException, CustodyException {
    Optional<Path> module = call.path(TokenOptions.MODULE);
    if (module.isPresent()) {
      return TokenList.of(module.get());
    }
    Optional<TokenSettings> configured = call.config().map(AgentConfig::token);
    TokenSettings token = configured.orElseThrow();
    return token.kind() == TokenKind.PKCS11
        ? TokenList.of(token.location())
        : List.of(TokenAdmin.describe(new AgentToken(token, call.random()).config()));
  }
}
