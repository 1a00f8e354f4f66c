package org.keyfleet.agent.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.keyfleet.hsm.TokenDescription;
import org.keyfleet.hsm.TokenFlag;

/** What a token says of itself, for people and as JSON. */
final class DescribedToken {
  private DescribedToken() {}

  static void print(TokenDescription token, PrintStream out) {
    String serial = token.serial().isEmpty() ? "" : ", serial " + token.serial();
    out.println("  " + (token.manufacturer() + " " + token.model()).strip() + serial);
    out.println("  " + String.join("; ", state(token)));
    out.println("  " + token.uri());
  }

  static JsonObject json(TokenDescription token) {
    JsonArray flags = new JsonArray();
    for (TokenFlag flag : new TreeSet<>(token.flags())) {
      flags.add(flag.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    JsonObject json = new JsonObject();
    json.put("label", token.label());
    json.put("manufacturer", token.manufacturer());
    json.put("model", token.model());
    json.put("serial", token.serial());
    json.put("uri", token.uri());
    json.put("flags", flags);
    return json;
  }

  private static List<String> state(TokenDescription token) {
    List<String> state = new ArrayList<>();
    if (!token.is(TokenFlag.INITIALISED)) {
      state.add("not initialised: token init makes a token of it");
      return state;
    }
    state.add("initialised");
    state.add(token.is(TokenFlag.PIN_SET) ? pin(token) : "no PIN set: token init finishes it");
    if (token.is(TokenFlag.PIN_TO_BE_CHANGED)) {
      state.add("the PIN is to be changed: token change-pin");
    }
    if (token.is(TokenFlag.PROTECTED_AUTHENTICATION_PATH)) {
      state.add("the PIN is typed at the token's own pad");
    }
    if (token.is(TokenFlag.WRITE_PROTECTED)) {
      state.add("write-protected");
    }
    return state;
  }

  private static String pin(TokenDescription token) {
    if (token.is(TokenFlag.PIN_LOCKED)) {
      return "PIN locked: the security officer resets it";
    }
    if (token.is(TokenFlag.PIN_FINAL_TRY)) {
      return "PIN set, one try left";
    }
    return token.is(TokenFlag.PIN_COUNT_LOW) ? "PIN set, few tries left" : "PIN set";
  }
}
