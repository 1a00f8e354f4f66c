package org.keyfleet.agent.token;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.TreeSet;
import org.keyfleet.hsm.Capabilities;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.KeyFlag;
import org.keyfleet.hsm.KeyRecord;

/** An open token as JSON: what was measured, and its keys with the attributes that it names now. */
public final class TokenReport {
  private TokenReport() {}

  public static JsonObject of(String label, KeyCustody custody) throws CustodyException {
    Capabilities capabilities = custody.capabilities();
    JsonObject notes = new JsonObject();
    capabilities.notes().forEach(notes::put);
    JsonArray keys = new JsonArray();
    for (KeyRecord key : custody.inventory()) {
      keys.add(entry(key));
    }
    JsonObject found = new JsonObject();
    found.put("token", label);
    found.put("level", capabilities.level().name());
    found.put("rolesEnforcedByToken", capabilities.rolesEnforcedByToken());
    found.put("notes", notes);
    found.put("keys", keys);
    return found;
  }

  private static JsonObject entry(KeyRecord key) {
    JsonArray flags = new JsonArray();
    for (KeyFlag flag : new TreeSet<>(key.flags())) {
      flags.add(flag.name());
    }
    JsonObject entry = new JsonObject();
    entry.put("name", key.name().toString());
    entry.put("role", key.role().name());
    entry.put("lifetime", key.lifetime().name());
    entry.put("flags", flags);
    return entry;
  }
}
