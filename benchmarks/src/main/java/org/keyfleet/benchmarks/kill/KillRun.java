package org.keyfleet.benchmarks.kill;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.random.RandomGenerator;
import org.keyfleet.benchmarks.fleet.AgentProcess;
import org.keyfleet.benchmarks.fleet.Await;
import org.keyfleet.benchmarks.fleet.Fleet;

/** Rekeys without end, and a member that is killed in each of them. */
final class KillRun implements AutoCloseable {
  private static final int CALIBRATIONS = 6;
  private static final int BURST = 4;

  /** Some restarts are killed too, before they are done. */
  private static final int START_KILL_ONE_IN = 4;

  /** How long a message that nobody heard is waited for. */
  private static final Duration LOSS = Duration.ofSeconds(2);

  private final KillGroup group;
  private final AgentProcess victim;
  private final RandomGenerator random;
  private final PrintStream out;
  private final Wire rekeys;
  private final Wire data;
  private final Aim aim;
  private final Inspection inspection;
  private int sent;
  private int round;

  KillRun(KillGroup group, Outsider outsider, RandomGenerator random, PrintStream out)
      throws IOException {
    this.group = group;
    this.victim = group.victim();
    this.random = random;
    this.out = out;
    this.rekeys = new Wire(group.fleet().rekeyGroup(), Fleet.networkInterface());
    this.data = new Wire(group.fleet().dataGroup(), Fleet.networkInterface());
    this.aim = new Aim(rekeys, random);
    this.inspection = new Inspection(group, outsider);
  }

  /** Kills in {@code kills} rekeys; each one is followed by a restart that is looked at. */
  KillReport run(String token, int kills, long seed) throws IOException, InterruptedException {
    for (int i = 0; i < CALIBRATIONS; i++) {
      calibrate();
    }
    KillReport report = new KillReport(token, seed, aim.rekeyNanos());
    Missed missed = Missed.NONE;
    for (int i = 1; i <= kills; i++) {
      Restart restart = new Restart();
      missed = one(restart, missed);
      report.add(restart);
      if (!restart.faults().isEmpty() || i % 20 == 0 || i == kills) {
        out.println(i + " of " + kills + ": " + report.line() + " " + restart.faults());
        out.flush();
      }
    }
    report.atEnd(inspection.atEnd());
    report.orphansDestroyed(inspection.orphansDestroyed());
    return report;
  }

  private void calibrate() throws IOException, InterruptedException {
    group.settle();
    group.awaitCurrent(victim);
    Aim.Mark before = Aim.Mark.of(group.journal());
    int seen = rekeys.seen();
    CompletableFuture<String> trigger = trigger();
    long arrived = aim.awaitRekey(seen);
    aim.rekeyTook(Aim.awaitChange(group.journal(), before) - arrived);
    named(trigger);
    group.awaitCurrent(victim);
  }

  /** One rekey, the kill in it, the restart, and what it is like after that. */
  private Missed one(Restart restart, Missed before) throws IOException, InterruptedException {
    group.settle();
    Place place = KillGroup.place(victim);
    String journal = group.journalHex();
    int seen = rekeys.seen();
    CompletableFuture<String> trigger = trigger();
    long delay = aim.delayInRekey();
    Aim.until(aim.awaitRekey(seen) + delay);
    victim.daemon().kill();
    String what = named(trigger);
    restart.killed(new Kill(Moment.REKEY, delay / 1000, what, group.newestIsInJournal(journal)));
    Missed missed = sendToTheDead();
    if (random.nextInt(START_KILL_ONE_IN) == 0) {
      killInStart(restart, journal);
    }
    comeBack(restart, place, seen);
    inspection.look(restart);
    listen(restart, before);
    inspection.requireNoAdmission(restart);
    return missed;
  }

  private void killInStart(Restart restart, String journal)
      throws IOException, InterruptedException {
    long delay = aim.delayInStart();
    victim.start();
    Aim.until(System.nanoTime() + delay);
    victim.daemon().kill();
    restart.killed(new Kill(Moment.START, delay / 1000, "start", group.newestIsInJournal(journal)));
  }

  /**
   * Until the victim has the newest keys. What the server sent since {@code seen} is sent again
   * meanwhile, as a cache of the group's messages does.
   */
  private void comeBack(Restart restart, Place last, int seen)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    victim.start();
    try {
      Await.until(
          () -> "the victim follows the group again\n" + victim.daemon().tail(),
          KillGroup.PATIENCE,
          () -> {
            Place now = KillGroup.place(victim);
            restart.seenAt(now, last, group.spisInOrder());
            rekeys.replay(seen, rekeys.seen());
            return group.current(victim);
          });
    } catch (IOException e) {
      restart.fault(String.valueOf(e.getMessage()));
    }
    restart.backAfter(System.nanoTime() - start);
    aim.startTook(System.nanoTime() - start);
    restart.seenAt(KillGroup.place(victim), last, group.spisInOrder());
  }

  /** What the group sends while the victim is dead; kept, to be sent again when it is old. */
  private Missed sendToTheDead() throws IOException, InterruptedException {
    int seen = data.seen();
    int from = sent;
    burst();
    try {
      Await.until(() -> "data", LOSS, () -> data.seen() >= seen + BURST);
    } catch (IOException e) {
      // the sender was between two keys: what it did not send cannot be sent again
      return new Missed(from, sent, seen, data.seen());
    }
    return new Missed(from, sent, seen, data.seen());
  }

  /** New data must be heard, messages and data of earlier epochs must not. */
  private void listen(Restart restart, Missed old) throws IOException, InterruptedException {
    group.settle();
    hear(restart);
    Place place = KillGroup.place(victim);
    int newest = rekeys.seen();
    rekeys.replay(Math.max(0, newest - 4), newest);
    data.replay(old.wireFrom(), old.wireTo());
    restart.replayed(old.wireTo() - old.wireFrom());
    hear(restart);
    restart.accepted(victim.traffic().readBetween(old.from(), old.to()));
    Place after = KillGroup.place(victim);
    if (!after.equals(place)) {
      restart.wentBack(place, after);
    }
  }

  private void hear(Restart restart) throws IOException, InterruptedException {
    int from = sent;
    burst();
    try {
      Await.until(
          () -> "the victim hears the group",
          Duration.ofSeconds(10),
          () -> victim.traffic().readBetween(from, sent) == sent - from);
    } catch (IOException e) {
      restart.fault(
          "heard "
              + victim.traffic().readBetween(from, sent)
              + " of "
              + (sent - from)
              + " packets");
    }
  }

  private void burst() throws IOException {
    for (int i = 0; i < BURST; i++) {
      group.sender().traffic().send(sent++);
    }
  }

  /** Beside this thread, which watches the wire. */
  private CompletableFuture<String> trigger() {
    int number = round++;
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return group.rekey(number);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static String named(CompletableFuture<String> trigger)
      throws IOException, InterruptedException {
    try {
      return trigger.get();
    } catch (ExecutionException e) {
      throw new IOException("the server did not rekey", e);
    }
  }

  @Override
  public void close() throws IOException {
    rekeys.close();
    data.close();
  }

  /** Numbers of datagrams that were sent while the victim was dead, and where the wire has them. */
  private record Missed(int from, int to, int wireFrom, int wireTo) {
    static final Missed NONE = new Missed(0, 0, 0, 0);
  }
}
