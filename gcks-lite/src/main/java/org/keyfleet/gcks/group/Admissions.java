package org.keyfleet.gcks.group;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.gcks.store.GroupStore;
import org.keyfleet.gcks.store.MemberRow;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.gikev2.SupportedTransforms;
import org.keyfleet.protocol.ike.NotifyType;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.octets.MalformedMessageException;
import org.keyfleet.protocol.suite.SigningException;

/** Lets members in: those of a batch together, and those that are in already once more. */
final class Admissions {
  private static final System.Logger LOG = System.getLogger(Admissions.class.getName());

  private final GroupSettings settings;
  private final GroupMachinery machinery;
  private final Commits commits;
  private final Authorisation authorisation;
  private final SenderQuota quota;
  private final InstantSource clock;
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();

  /** A joiner and who wants to hear what became of it. */
  record Waiting(JoinRequest request, Consumer<JoinOutcome> answer) {
    String identity() {
      return request.identity().text();
    }

    void refuse(NotifyType reason) {
      answer.accept(new JoinOutcome.Refused(reason));
    }
  }

  Admissions(
      GroupSettings settings,
      GroupStore store,
      GroupMachinery machinery,
      Commits commits,
      InstantSource clock) {
    this.settings = settings;
    this.machinery = machinery;
    this.commits = commits;
    this.authorisation = new Authorisation(settings, store);
    this.quota = new SenderQuota(settings, store);
    this.clock = clock;
  }

  /** Why the request is refused; empty when it is not. */
  Optional<NotifyType> refusal(JoinRequest request, boolean member) throws StoreException {
    int others = waiting.size() - (waiting.containsKey(request.identity().text()) ? 1 : 0);
    Optional<NotifyType> refusal = authorisation.refusal(request, member, others);
    if (refusal.isPresent()) {
      return refusal;
    }
    if (!supports(request)) {
      return Optional.of(NotifyType.NO_PROPOSAL_CHOSEN);
    }
    return quota.allows(request.identity().text(), senderIds(request), clock.millis())
        ? Optional.empty()
        : Optional.of(NotifyType.REGISTRATION_FAILED);
  }

  /** Whether there are Sender-IDs for it, besides those that the waiting were promised. */
  boolean hasSenderIdsFor(JoinRequest request) {
    int promised = waiting.values().stream().mapToInt(join -> senderIds(join.request())).sum();
    int wanted = senderIds(request);
    return wanted == 0 || commits.allocator().hasSenderIds(wanted + promised);
  }

  /** Puts a joiner into the batch, in place of an earlier try of its own. */
  void await(Waiting join) {
    Waiting before = waiting.put(join.identity(), join);
    if (before != null) {
      before.refuse(NotifyType.REGISTRATION_FAILED);
    }
  }

  /** Takes a joiner out of the batch. */
  void cancel(String identity) {
    Waiting join = waiting.remove(identity);
    if (join != null) {
      join.refuse(NotifyType.AUTHORIZATION_FAILED);
    }
  }

  int waiting() {
    return waiting.size();
  }

  /** The first {@code most} of the batch. */
  List<Waiting> first(int most) {
    return waiting.values().stream().limit(most).toList();
  }

  /** Members come and go in one change; the joiners get their answers. */
  void admit(List<Waiting> joins, Set<LeafIndex> leaves, String reason)
      throws StoreException, CustodyException, SigningException {
    long now = clock.millis();
    Allocator allocator = commits.allocator();
    List<MemberRow> rows = new ArrayList<>();
    List<RegistrationWriter.Grants> grants = new ArrayList<>();
    int ids = joins.stream().mapToInt(join -> senderIds(join.request())).sum();
    boolean freshSas = !allocator.senderIdsSetAside(ids);
    allocator.setSenderIdsAside(ids);
    for (Waiting join : joins) {
      rows.add(row(join.request(), now));
      grants.add(grants(join.request(), allocator));
    }
    GroupChange change =
        machinery.membership(commits.memory(), allocator, rows, leaves, freshSas, reason, now);
    commits.commit(
        change,
        to -> {
          for (Waiting join : joins) {
            quota.count(to, join.identity(), senderIds(join.request()), now);
          }
        });
    for (int i = 0; i < joins.size(); i++) {
      answer(joins.get(i), change.joined().get(i), grants.get(i));
    }
    joins.forEach(done -> waiting.remove(done.identity()));
  }

  /** A member registers once more. */
  void readmit(Waiting join, MemberRow existing)
      throws StoreException, CustodyException, SigningException {
    if (settings.gkma().derives() && existing.leaf() >= 0) {
      // its path is computed from its own key, which is new
      admit(List.of(join), Set.of(new LeafIndex(existing.leaf())), "join");
      return;
    }
    JoinRequest request = join.request();
    setSenderIdsAside(senderIds(request));
    Allocator allocator = commits.allocator();
    RegistrationWriter.Grants grants = grants(request, allocator);
    long now = clock.millis();
    long keyId = existing.leaf() >= 0 ? allocator.keyId() : 0;
    MemberRow row = row(request, now).at(existing.leaf(), keyId);
    commits
        .memory()
        .recommit(
            row,
            allocator.counters(),
            to -> quota.count(to, join.identity(), senderIds(request), now),
            now);
    answer(join, row, grants);
  }

  /** New SAs first, when those in force have no Sender-IDs left (decision 0042). */
  private void setSenderIdsAside(int count)
      throws StoreException, CustodyException, SigningException {
    Allocator allocator = commits.allocator();
    if (!allocator.senderIdsSetAside(count)) {
      allocator.setSenderIdsAside(count);
      commits.refresh(allocator, settings.rekey().multicast(), true, "sender-ids");
    }
  }

  private void answer(Waiting join, MemberRow row, RegistrationWriter.Grants grants) {
    JoinOutcome outcome;
    try {
      outcome =
          machinery.registration(commits.memory(), row, join.request(), grants, clock.millis());
    } catch (CustodyException e) {
      LOG.log(
          System.Logger.Level.ERROR,
          "group {0}: registration of {1} failed: {2}",
          settings.name(),
          row.identity(),
          e.getMessage());
      outcome = new JoinOutcome.Refused(NotifyType.REGISTRATION_FAILED);
    } catch (MalformedMessageException e) {
      outcome = new JoinOutcome.Refused(NotifyType.AUTHORIZATION_FAILED);
    }
    join.answer().accept(outcome);
  }

  private boolean supports(JoinRequest request) {
    return request.supported().isEmpty()
        || machinery.supports(SupportedTransforms.of(request.supported().get()));
  }

  private RegistrationWriter.Grants grants(JoinRequest request, Allocator allocator) {
    return new RegistrationWriter.Grants(
        allocator.senderIds(senderIds(request)), settings.strict() ? allocator.keyId() : 0);
  }

  /** "Requesting a value of 1 is not necessary" (RFC 9838 section 2.5.1). */
  private int senderIds(JoinRequest request) {
    if (!request.sender()) {
      return 0;
    }
    long most = Math.min(settings.maxSenderIds(), 1L << settings.senderIdBits());
    return (int) Math.min(most, Math.max(1, request.senderIds()));
  }

  private static MemberRow row(JoinRequest request, long nowMillis) {
    return new MemberRow(
        request.identity().text(),
        -1,
        0,
        request.sender(),
        request.fragments(),
        request.authentication().toString(),
        request.transport(),
        nowMillis);
  }
}
