package org.keyfleet.gcks.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.keyfleet.gcks.policy.Settings;
import org.keyfleet.gcks.policy.SettingsException;
import org.keyfleet.gcks.registration.ResponderLimits;
import org.keyfleet.gcks.store.SqliteStore;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.hsm.TokenSigner;
import org.keyfleet.protocol.ike.SuitePolicy;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.transport.FaultLog;
import org.keyfleet.transport.SelectorLoop;
import org.keyfleet.transport.TransportException;
import org.keyfleet.transport.local.LocalPeer;
import org.keyfleet.transport.local.LocalSocketServer;

/** The server process: opens everything, then runs the duty cycle on the calling thread. */
public final class Daemon implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Daemon.class.getName());
  private static final int MAX_WAITING_COMMANDS = 64;
  private static final long IDLE_MILLIS = 20;
  private static final long FIRST_RECOVERY_NANOS = 1_000_000_000L;
  private static final long LAST_RECOVERY_NANOS = 60_000_000_000L;

  private final FaultLog faults = new FaultLog(LOG, "server");
  private final CustodyDoor door;
  private final KeyCustody custody;
  private final SqliteStore store;
  private final SelectorLoop loop;
  private final ServerLinks links;
  private final KeyServer server;
  private final SecureRandom random;
  private final Waker waker = new Waker();
  private final BlockingQueue<Command> commands = new ArrayBlockingQueue<>(MAX_WAITING_COMMANDS);
  private Optional<LocalSocketServer> admin = Optional.empty();
  private Function<String, String> answering = line -> "{\"ok\":false}";
  private volatile boolean stopping;
  private long nextCheckNanos;
  private @Nullable Bytes refusedPin;
  private long recoveryNanos = FIRST_RECOVERY_NANOS;

  private record Command(LocalPeer peer, String line) {}

  private Daemon(
      CustodyDoor door,
      KeyCustody custody,
      SqliteStore store,
      SelectorLoop loop,
      ServerLinks links,
      KeyServer server,
      SecureRandom random) {
    this.door = door;
    this.custody = custody;
    this.store = store;
    this.loop = loop;
    this.links = links;
    this.server = server;
    this.random = random;
    this.nextCheckNanos = System.nanoTime();
  }

  /** As {@link #start(Settings, boolean, SecureRandom, InstantSource)} with the store as it was. */
  public static Daemon start(Settings settings, SecureRandom random, InstantSource clock)
      throws SettingsException,
          StartException,
          CustodyException,
          StoreException,
          TransportException {
    return start(settings, false, random, clock);
  }

  /**
   * Opens custody, store and links; this thread owns the server from here on.
   *
   * @param restored whether the store was put back to an older state: all members start over
   */
  public static Daemon start(
      Settings settings, boolean restored, SecureRandom random, InstantSource clock)
      throws SettingsException,
          StartException,
          CustodyException,
          StoreException,
          TransportException {
    CustodyDoor door = CustodyDoor.of(settings.custody());
    KeyCustody custody = door.open(random);
    SqliteStore store = null;
    SelectorLoop loop = null;
    ServerLinks links = null;
    boolean done = false;
    try {
      TokenSigner identity = TokenSigner.of(custody, door.identity());
      var credentials = CredentialLoader.load(settings.server(), identity, clock.instant());
      store = SqliteStore.open(storeFile(settings.server().stateDirectory()));
      loop = SelectorLoop.start("keyfleet-gcks-links");
      links = ServerLinks.open(settings, loop, random);
      KeyServer server =
          KeyServer.start(
              new KeyServer.Parts(
                  settings.groups(),
                  store,
                  custody,
                  credentials,
                  identity,
                  ResponderLimits.of(settings.server()),
                  servingPlainPeers(),
                  links.registrations(),
                  links.routes(),
                  random,
                  clock),
              export(settings),
              restored,
              System.nanoTime());
      Daemon daemon = new Daemon(door, custody, store, loop, links, server, random);
      links.onArrival(daemon.waker::wake);
      done = true;
      return daemon;
    } finally {
      if (!done) {
        closeAll(links, loop, store, custody);
      }
    }
  }

  /** Commands come in here; {@code answers} runs on the owner thread. */
  public void serveCommands(Path socket, Function<String, String> answers)
      throws TransportException {
    admin =
        Optional.of(
            LocalSocketServer.open(
                loop,
                socket,
                (peer, line) -> {
                  if (!commands.offer(new Command(peer, line))) {
                    peer.close();
                  }
                  waker.wake();
                }));
    answering = answers;
  }

  public KeyServer server() {
    return server;
  }

  /**
   * Runs until {@link #stop}.
   *
   * @throws StartException when only a new process can go on
   */
  public void run() throws InterruptedException, StartException {
    try {
      while (!stopping) {
        if (!loop.running() || !links.running()) {
          throw new StartException("a network thread has ended: see the log");
        }
        if (cycle() == 0) {
          waker.await(IDLE_MILLIS);
        }
      }
    } catch (Error e) {
      throw new StartException("ended by " + FaultLog.describe(e));
    } finally {
      server.stopped();
    }
  }

  private int cycle() {
    int work = 0;
    try {
      work += server.doWork(System.nanoTime());
      for (Command next = commands.poll(); next != null; next = commands.poll()) {
        work++;
        next.peer().send(answering.apply(next.line()));
      }
      keepCustody();
    } catch (RuntimeException e) {
      faults.caught(e);
    }
    return work;
  }

  /** Ends {@link #run}; any thread may. */
  public void stop() {
    stopping = true;
    waker.wake();
  }

  /**
   * A lost token is tried again with jittered back-off, but never with a PIN that it has refused;
   * meanwhile joins and rekeys fail.
   */
  private void keepCustody() {
    long now = System.nanoTime();
    if (now - nextCheckNanos < 0) {
      return;
    }
    nextCheckNanos = now + FIRST_RECOVERY_NANOS;
    if (custody.alive()) {
      recoveryNanos = FIRST_RECOVERY_NANOS;
      return;
    }
    Bytes pin = door.pinMark();
    if (refusedPin != null && refusedPin.equals(pin)) {
      return; // another try would lock the token
    }
    refusedPin = null;
    try {
      door.recover(custody);
      LOG.log(System.Logger.Level.INFO, "the key custody is back");
    } catch (CustodyException e) {
      boolean refused = e.fault().isAboutPin();
      refusedPin = refused ? pin : null;
      LOG.log(System.Logger.Level.WARNING, "the key custody is lost: {0}", e.getMessage());
      recoveryNanos = Math.min(LAST_RECOVERY_NANOS, recoveryNanos * 2);
      nextCheckNanos = now + recoveryNanos / 2 + random.nextLong(recoveryNanos);
    }
  }

  /** IKE_AUTH of a plain IKEv2 peer comes without a key wrap algorithm. */
  private static SuitePolicy servingPlainPeers() {
    SuitePolicy all = SuitePolicy.STANDARD;
    return new SuitePolicy(
        all.encryptions(), all.prfs(), all.keyExchanges(), all.keyWraps(), false);
  }

  private static Optional<InsecureKeyExport> export(Settings settings) throws StartException {
    if (settings.insecureKeyExportDirectory().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new InsecureKeyExport(settings.insecureKeyExportDirectory().get()));
    } catch (IOException e) {
      throw new StartException(
          "insecure-key-export-dir "
              + settings.insecureKeyExportDirectory().get()
              + " cannot be made: correct it, or who owns the one above it");
    }
  }

  private static Path storeFile(Path directory) throws StartException {
    try {
      Files.createDirectories(directory);
      return directory.resolve("gcks.db");
    } catch (IOException e) {
      throw new StartException(
          "state-directory "
              + directory
              + " cannot be made: correct server.state-directory, or who owns the one above it");
    }
  }

  private static void closeAll(
      @Nullable ServerLinks links,
      @Nullable SelectorLoop loop,
      @Nullable SqliteStore store,
      KeyCustody custody) {
    if (links != null) {
      links.close();
    }
    if (loop != null) {
      loop.close();
    }
    if (store != null) {
      store.close();
    }
    custody.close();
  }

  @Override
  public void close() {
    admin.ifPresent(LocalSocketServer::close);
    server.close();
    closeAll(links, loop, store, custody);
  }
}
