package org.keyfleet.benchmarks.kill;

import com.grack.nanojson.JsonObject;
import java.util.Locale;

/**
 * One kill.
 *
 * @param delayMicros after the rekey message was on the wire, or the process was started
 * @param trigger what made the group's server rekey
 * @param inJournal whether the journal had the new keys by then
 */
record Kill(Moment moment, long delayMicros, String trigger, boolean inJournal) {
  JsonObject json() {
    JsonObject json = new JsonObject();
    json.put("moment", moment.name().toLowerCase(Locale.ROOT));
    json.put("delayMicros", delayMicros);
    json.put("trigger", trigger);
    json.put("newKeysInJournal", inJournal);
    return json;
  }
}
