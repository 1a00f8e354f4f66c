package org.keyfleet.benchmarks.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is wrong is counted as what it is: a bench that finds nothing must be able to. */
class KillReportTest {
  private static final List<String> ORDER = List.of("aa", "bb", "cc");

  private final KillReport report = new KillReport("softhsm", 7, 1_000_000);

  private static Restart killed(boolean inJournal) {
    Restart restart = new Restart();
    restart.killed(new Kill(Moment.REKEY, 10, "rekey", inJournal));
    return restart;
  }

  private JsonObject reported(Restart restart) {
    report.add(restart);
    JsonObject json = report.json();
    assertEquals(restart.faults().isEmpty(), json.getBoolean("ok"));
    return json;
  }

  @Test
  void nothingWrong() {
    Restart restart = killed(true);
    restart.seenAt(Place.NONE, new Place("aa", 3), ORDER);
    restart.seenAt(new Place("bb", -1), new Place("aa", 3), ORDER);
    restart.accepted(0);
    JsonObject json = reported(restart);
    assertEquals(1, json.getInt("cleanRestarts"));
    assertEquals(1, json.getInt("killsInRekey"));
    assertTrue(report.ok());
  }

  @Test
  void anEarlierSaOrMessageIsAnOldEpoch() {
    Restart sa = killed(false);
    sa.seenAt(new Place("aa", 9), new Place("bb", -1), ORDER);
    assertEquals(1, reported(sa).getInt("oldEpochsAccepted"));
    Restart message = killed(false);
    message.seenAt(new Place("bb", 1), new Place("bb", 2), ORDER);
    assertEquals(2, reported(message).getInt("oldEpochsAccepted"));
  }

  /** What was durable at the kill must be there at the start. */
  @Test
  void thePlaceBeforeTheRekeyIsOldOnceTheJournalHasTheNewOne() {
    Place before = new Place("aa", 0);
    Restart behind = killed(true);
    behind.seenAt(before, before, ORDER);
    assertEquals(1, reported(behind).getInt("oldEpochsAccepted"));
    Restart notYet = killed(false);
    notYet.seenAt(before, before, ORDER);
    assertEquals(List.of(), notYet.faults());
  }

  @Test
  void oldDataOrphansLossesAndFaultsAreCounted() {
    Restart restart = killed(true);
    restart.accepted(2);
    restart.orphans(List.of("orphan kf.root#00"));
    restart.lost("the server admitted it again");
    JsonObject json = reported(restart);
    assertEquals(0, json.getInt("cleanRestarts"));
    assertEquals(1, json.getInt("oldEpochsAccepted"));
    assertEquals(1, json.getInt("orphansAfterStart"));
    assertEquals(1, json.getInt("membershipsLost"));
  }

  @Test
  void whatIsLeftInTheEndCountsToo() {
    report.add(killed(true));
    assertTrue(report.ok());
    report.atEnd(List.of("orphan in the end: kf.root#00"));
    assertFalse(report.ok());
    assertEquals(1, report.json().getInt("orphansAfterStart"));
  }
}
