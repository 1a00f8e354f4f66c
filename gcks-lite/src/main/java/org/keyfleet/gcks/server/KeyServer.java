package org.keyfleet.gcks.server;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keyfleet.gcks.group.FragmentLimit;
import org.keyfleet.gcks.group.GroupEngine;
import org.keyfleet.gcks.group.GroupListener;
import org.keyfleet.gcks.group.GroupMachinery;
import org.keyfleet.gcks.group.GroupStatus;
import org.keyfleet.gcks.group.JoinOutcome;
import org.keyfleet.gcks.policy.DataSaSettings;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.registration.IkeResponder;
import org.keyfleet.gcks.registration.KeyLog;
import org.keyfleet.gcks.registration.ResponderAction;
import org.keyfleet.gcks.registration.ResponderEvent;
import org.keyfleet.gcks.registration.ResponderLimits;
import org.keyfleet.gcks.registration.ServerCredentials;
import org.keyfleet.gcks.store.DataSaRow;
import org.keyfleet.gcks.store.GroupStore;
import org.keyfleet.gcks.store.RekeyMessageRow;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.protocol.gikev2.RekeySealer;
import org.keyfleet.protocol.ike.NonEspMarker;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.ike.SuitePolicy;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.Signer;
import org.keyfleet.protocol.suite.SigningException;
import org.keyfleet.transport.Datagram;
import org.keyfleet.transport.FaultLog;
import org.keyfleet.transport.LinkAddress;

/**
 * Responder, groups, store and links in one duty cycle. Its owner thread alone calls it; nothing in
 * it waits.
 */
public final class KeyServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(KeyServer.class.getName());
  private static final int MAX_DATAGRAMS_PER_CYCLE = 64;
  private static final long TICK_NANOS = 20_000_000;

  private final FaultLog faults = new FaultLog(LOG, "key server");
  private final Parts parts;
  private final IkeResponder responder;
  private final Map<String, GroupRuntime> groups = new LinkedHashMap<>();
  private final Optional<InsecureKeyExport> export;
  private long nowNanos;
  private long nextTickNanos;

  /**
   * What a server is made of.
   *
   * @param identity signs rekey messages
   * @param suites for IKE SAs
   * @param links registrations come in by
   * @param routes rekey messages go out on, by group
   */
  public record Parts(
      List<GroupSettings> groups,
      GroupStore store,
      KeyCustody custody,
      ServerCredentials credentials,
      Signer identity,
      ResponderLimits limits,
      SuitePolicy suites,
      List<RegistrationLink> links,
      Map<String, List<RekeyRoute>> routes,
      SecureRandom random,
      InstantSource clock) {
    public Parts {
      groups = List.copyOf(groups);
      links = List.copyOf(links);
      routes = Map.copyOf(routes);
    }
  }

  private KeyServer(Parts parts, Optional<InsecureKeyExport> export, long nowNanos) {
    this.parts = parts;
    this.export = export;
    this.nowNanos = nowNanos;
    this.nextTickNanos = nowNanos;
    this.responder =
        new IkeResponder(
            parts.credentials(),
            parts.limits(),
            parts.suites(),
            export.isPresent() ? export.get() : KeyLog.NONE,
            parts.random(),
            parts.clock(),
            nowNanos);
  }

  /** Loads every group and takes up what a stop interrupted. */
  public static KeyServer start(Parts parts, long nowNanos)
      throws StoreException, CustodyException {
    return start(parts, Optional.empty(), nowNanos);
  }

  static KeyServer start(Parts parts, Optional<InsecureKeyExport> export, long nowNanos)
      throws StoreException, CustodyException {
    KeyServer server = new KeyServer(parts, export, nowNanos);
    for (GroupSettings settings : parts.groups()) {
      GroupMachinery machinery =
          GroupMachinery.open(
              settings,
              parts.custody(),
              parts.identity(),
              server.fragmentLimit(settings.name()),
              parts.random());
      RekeyOutbox outbox =
          new RekeyOutbox(
              settings, parts.store(), parts.routes().getOrDefault(settings.name(), List.of()));
      GroupEngine engine =
          GroupEngine.open(
              settings,
              parts.store(),
              machinery,
              parts.random(),
              parts.clock(),
              server.new Listener());
      server.groups.put(settings.name(), new GroupRuntime(engine, machinery, outbox));
      outbox.resume(nowNanos);
      server.exportKeys(settings.name());
    }
    return server;
  }

  /**
   * One duty cycle.
   *
   * @return how much there was to do; 0 means that the caller may wait
   */
  public int doWork(long now) {
    nowNanos = now;
    int work = 0;
    for (int i = 0; i < parts.links().size(); i++) {
      RegistrationLink link = parts.links().get(i);
      for (int taken = 0; taken < MAX_DATAGRAMS_PER_CYCLE; taken++) {
        Datagram datagram = link.link().poll();
        if (datagram == null) {
          break;
        }
        work++;
        received(i, datagram.peer(), Bytes.copyOf(datagram.octets()), now);
      }
    }
    if (now - nextTickNanos >= 0) {
      nextTickNanos = now + TICK_NANOS;
      guarded(() -> deliver(new ResponderEvent.Tick()));
      for (GroupRuntime group : groups.values()) {
        guarded(() -> group.engine().tick());
        guarded(() -> tick(group.outbox()));
      }
    }
    return work;
  }

  private void tick(RekeyOutbox outbox) {
    try {
      outbox.tick(nowNanos);
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.ERROR, "{0}", e.getMessage());
    }
  }

  /** One datagram that came in by a link, without the link: {@link #doWork} and tests use it. */
  public void received(int link, LinkAddress from, Bytes datagram, long now) {
    nowNanos = now;
    guarded(
        () ->
            deliver(
                new ResponderEvent.Received(parts.links().get(link).path(link, from), datagram)));
  }

  /** A fault that one datagram or one group leads to must not end the others. */
  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      faults.caught(e);
    }
  }

  /** Faults of ours since the start. */
  public long faults() {
    return faults.count();
  }

  public Optional<GroupEngine> group(String name) {
    return Optional.ofNullable(groups.get(name)).map(GroupRuntime::engine);
  }

  public List<GroupStatus> groupStatus() throws StoreException {
    List<GroupStatus> all = new ArrayList<>();
    for (GroupRuntime group : groups.values()) {
      all.add(group.engine().status());
    }
    return all;
  }

  public IkeResponder responder() {
    return responder;
  }

  public Parts parts() {
    return parts;
  }

  private void deliver(ResponderEvent event) {
    for (ResponderAction action : responder.onEvent(event, nowNanos)) {
      perform(action);
    }
  }

  private void perform(ResponderAction action) {
    if (action instanceof ResponderAction.Send send) {
      RegistrationLink link = parts.links().get(send.path().link());
      for (Bytes message : send.datagrams()) {
        Bytes octets = link.marker() ? NonEspMarker.add(message) : message;
        link.link().send(new Datagram(send.path().peer(), octets.toArray()));
      }
    } else if (action instanceof ResponderAction.Join join) {
      GroupRuntime group = groups.get(join.group());
      if (group == null) {
        deliver(
            new ResponderEvent.Decided(
                join.sa(), new JoinOutcome.Refused(NotifyType.INVALID_GROUP_ID)));
        return;
      }
      group
          .engine()
          .join(join.request(), outcome -> deliver(new ResponderEvent.Decided(join.sa(), outcome)));
    } else if (action instanceof ResponderAction.Leave leave) {
      leave(leave);
    }
  }

  private void leave(ResponderAction.Leave leave) {
    GroupRuntime group = groups.get(leave.group());
    if (group == null) {
      return;
    }
    try {
      group.engine().leave(leave.identity());
    } catch (StoreException | CustodyException | SigningException e) {
      LOG.log(System.Logger.Level.ERROR, "leaving of {0}: {1}", leave.identity(), e.getMessage());
    }
  }

  /** Fragments only while every member can put them together (RFC 9838 section 2.4.1.2). */
  private FragmentLimit fragmentLimit(String group) {
    return () -> {
      try {
        return parts.store().membersWithoutFragments(group) == 0
            ? parts.limits().fragmentOctets()
            : RekeySealer.UNFRAGMENTED;
      } catch (StoreException e) {
        LOG.log(System.Logger.Level.ERROR, "{0}", e.getMessage());
        return RekeySealer.UNFRAGMENTED;
      }
    };
  }

  private void exportKeys(String name) {
    GroupRuntime group = groups.get(name);
    if (export.isEmpty() || group == null) {
      return;
    }
    try {
      GroupStatus status = group.engine().status();
      GroupSettings settings = group.engine().settings();
      if (status.rekeySa().isPresent()) {
        try (SecretBytes keymat = group.machinery().insecureRekeyKeymat(status.rekeySa().get())) {
          export.get().rekeySa(status.rekeySa().get(), settings.rekey().suite(), keymat);
        }
      }
      for (DataSaRow sa : status.dataSas()) {
        for (DataSaSettings data : settings.data()) {
          if (data.name().equals(sa.name())) {
            try (SecretBytes keymat = group.machinery().insecureDataKeymat(sa)) {
              export.get().dataSa(sa, data, keymat);
            }
          }
        }
      }
    } catch (StoreException | CustodyException e) {
      LOG.log(System.Logger.Level.WARNING, "key export: {0}", e.getMessage());
    }
  }

  @Override
  public void close() {
    responder.close();
  }

  private final class Listener implements GroupListener {
    @Override
    public void messageReady(String group, RekeyMessageRow message) {
      GroupRuntime runtime = groups.get(group);
      if (runtime != null) {
        runtime.outbox().add(message, nowNanos);
      }
    }

    @Override
    public void memberGone(String group, String identity) {
      deliver(new ResponderEvent.MemberGone(group, identity));
    }

    @Override
    public void inbandRekey(String group, InbandPayloads payloads) {
      deliver(new ResponderEvent.InbandRekey(group, payloads));
    }

    @Override
    public void keysChanged(String group) {
      exportKeys(group);
    }
  }
}
