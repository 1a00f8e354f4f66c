package org.keyfleet.benchmarks.kill;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.keyfleet.agent.journal.Journal;
import org.keyfleet.agent.journal.JournalException;
import org.keyfleet.benchmarks.fleet.AgentProcess;
import org.keyfleet.benchmarks.fleet.Control;
import org.keyfleet.benchmarks.fleet.FleetOptions;

/** Compares what is in the token of a running agent with what its journal and key path name. */
final class Inventory {
  private static final String IDENTITY = "keyfleet-identity";
  private static final String KEK = "kf.kek";
  private static final String JOURNAL_KEY = "kf.journal";

  private final AgentProcess agent;
  private final Outsider outsider;

  Inventory(AgentProcess agent, Outsider outsider) {
    this.agent = agent;
    this.outsider = outsider;
  }

  /** Objects that nothing names, and names without an object; empty when all is right. */
  List<String> faults() throws IOException, InterruptedException {
    String root = root();
    List<String> faults = new ArrayList<>();
    insider(root, faults);
    outsider.look(root, faults);
    return faults;
  }

  /** The same of an agent that does not run: its token is open to another process. */
  List<String> faultsOfStopped() throws IOException, InterruptedException {
    String printed = agent.command("token", "info", "--json");
    List<String> faults = new ArrayList<>();
    try {
      String line = printed.lines().filter(text -> text.startsWith("{")).findFirst().orElse("");
      JsonArray keys = JsonParser.object().from(line).getArray("keys");
      List<String> expected = List.of(root());
      for (int i = 0; i < keys.size(); i++) {
        String name = keys.getObject(i).getString("name");
        if (!expected.contains(name) && !name.startsWith(IDENTITY + "#")) {
          faults.add("orphan in the end: " + name);
        }
      }
      if (keys.size() != 2) {
        faults.add(keys.size() + " keys in the end");
      }
    } catch (JsonParserException e) {
      faults.add("token info does not answer: " + printed);
    }
    return faults;
  }

  /** The one persistent key that the journal names. */
  private String root() throws IOException {
    Path journal = agent.directory().resolve("state").resolve(FleetOptions.GROUP + ".journal");
    try {
      return Journal.header(journal)
          .orElseThrow(() -> new IOException("there is no journal"))
          .root()
          .toString();
    } catch (JournalException e) {
      throw new IOException("the journal cannot be read", e);
    }
  }

  /** The agent's own list, read back from the token, session keys among them. */
  private void insider(String root, List<String> faults) throws IOException {
    JsonArray keys = agent.ask(Control.request("token")).getArray("keys");
    int keks = 0;
    int journalKeys = 0;
    boolean rootSeen = false;
    boolean identitySeen = false;
    for (int i = 0; i < keys.size(); i++) {
      JsonObject key = keys.getObject(i);
      String name = key.getString("name");
      String label = name.replaceFirst("#.*", "");
      boolean persistent = key.getString("lifetime").equals("PERSISTENT");
      if (persistent && name.equals(root)) {
        rootSeen = true;
      } else if (persistent && label.equals(IDENTITY)) {
        identitySeen = true;
      } else if (!persistent && label.equals(KEK)) {
        keks++;
      } else if (!persistent && label.equals(JOURNAL_KEY)) {
        journalKeys++;
      } else {
        faults.add("orphan " + name + " " + key.getString("role"));
      }
    }
    int between = pathKeys() - 2; // without the releaser, which is made for each use, and the root
    if (keks > between) {
      faults.add(keks + " keys of the tree where the path has " + between);
    }
    if (journalKeys != 1) {
      faults.add(journalKeys + " keys of journals");
    }
    if (!rootSeen || !identitySeen) {
      faults.add("missing " + (rootSeen ? IDENTITY : root));
    }
  }

  private int pathKeys() throws IOException {
    return agent
        .ask(Control.request("keys"))
        .getArray("groups")
        .getObject(0)
        .getArray("keyPath")
        .size();
  }
}
