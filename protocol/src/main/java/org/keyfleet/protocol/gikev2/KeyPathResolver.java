package org.keyfleet.protocol.gikev2;

import static org.keyfleet.protocol.gikev2.WrappedKey.DEFAULT_KWK;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Finds the Key Path from an SA_KEY to a key the member holds (RFC 9838 section 3.3). It does not
 * know the group's key management method and unwraps nothing: key custody executes the steps.
 *
 * <p>Time and memory grow with the number of wrapped and derived keys of the message and not
 * faster: each Key ID is visited once, so loops among WRAP_KEYs do no harm.
 */
public final class KeyPathResolver {
  private final Map<Long, List<WrappedKey>> wrapsByKeyId = new HashMap<>();
  private final KfChain chains;
  private final WorkingKeyPath held;
  private final Set<Long> roots;

  private KeyPathResolver(
      KeyDownload download, KfChain chains, WorkingKeyPath held, Set<Long> roots) {
    this.chains = chains;
    this.held = held;
    this.roots = roots;
    for (WrappedKey key : download.memberBag().wrapKeys()) {
      wrapsByKeyId.computeIfAbsent(key.keyId(), id -> new ArrayList<>()).add(key);
    }
  }

  /**
   * Plans for keys that came by GSA_AUTH or GSA_REGISTRATION. The path may end at GSK_w of the IKE
   * SA, at a key agreed in the same message ({@link KfAgree}), or at a key on the device from
   * before, as a personalised card has it.
   *
   * @param bag the Rekey SA's bag in {@code download}
   * @param agreedKeyId the Key ID KF_AGREE names; the agreed key is used once and is no part of the
   *     Working Key Path
   * @param held keys on the device from before; usually {@link WorkingKeyPath#EMPTY}
   */
  public static KeyPathPlan atRegistration(
      KeyDownload download, GroupKeyBag bag, OptionalLong agreedKeyId, WorkingKeyPath held) {
    Set<Long> roots = new HashSet<>(Set.of(DEFAULT_KWK));
    agreedKeyId.ifPresent(roots::add);
    return new KeyPathResolver(download, KfChain.NONE, held, roots).plan(bag);
  }

  /**
   * Plans for keys that came by GSA_REKEY. A new path ends at a key held: it ends at GSK_w "only
   * ... at the time the GM is registering", so a WRAP_KEY under GSK_w, which an excluded member
   * could open as well, is not followed. An SA_KEY under GSK_w is.
   *
   * @param bag the Rekey SA's bag in {@code download}
   * @param chains keys that are derived, {@link KfChain#NONE} unless the group's algorithm is OFC
   */
  public static KeyPathPlan onRekey(
      KeyDownload download, GroupKeyBag bag, KfChain chains, WorkingKeyPath held) {
    return new KeyPathResolver(download, chains, held, Set.of()).plan(bag);
  }

  private KeyPathPlan plan(GroupKeyBag bag) {
    Set<Long> visited = new HashSet<>();
    // "the GM processes the received SA_KEY attributes one by one"
    for (WrappedKey saKey : bag.saKeys()) {
      if (saKey.kwkId() == DEFAULT_KWK) {
        return new KeyPathPlan.Reachable(List.of(saKey), held);
      }
      List<WrappedKey> chain = search(saKey, visited);
      if (!chain.isEmpty()) {
        return reachable(chain);
      }
    }
    return new KeyPathPlan.Excluded();
  }

  /** A frame of the search: the chain goes through {@code key}; {@code next} is tried below it. */
  private static final class Frame {
    final WrappedKey key;
    int next;

    Frame(WrappedKey key) {
      this.key = key;
    }
  }

  /** The chain from {@code saKey} to one under a root or a held key; empty when there is none. */
  private List<WrappedKey> search(WrappedKey saKey, Set<Long> visited) {
    Deque<Frame> stack = new ArrayDeque<>();
    stack.push(new Frame(saKey));
    while (!stack.isEmpty()) {
      Frame top = stack.element();
      long kwk = top.key.kwkId();
      if (roots.contains(kwk) || held.holds(kwk)) {
        List<WrappedKey> chain = new ArrayList<>();
        stack.descendingIterator().forEachRemaining(frame -> chain.add(frame.key));
        return chain;
      }
      List<WrappedKey> below = below(kwk);
      boolean open = top.next > 0 || visited.add(kwk);
      if (open && top.next < below.size()) {
        stack.push(new Frame(below.get(top.next++)));
      } else {
        stack.pop();
      }
    }
    return List.of();
  }

  /** The ways to get a key from another one. */
  private List<WrappedKey> below(long keyId) {
    List<WrappedKey> wraps = wrapsByKeyId.getOrDefault(keyId, List.of());
    OptionalLong from = chains.from(keyId);
    if (from.isEmpty()) {
      return wraps;
    }
    List<WrappedKey> ways = new ArrayList<>(wraps);
    ways.add(WrappedKey.derived(keyId, from.getAsLong()));
    return ways;
  }

  /** Applies the three rules of section 3.3 for the Working Key Path. */
  private KeyPathPlan reachable(List<WrappedKey> chain) {
    List<Long> fresh = chain.stream().skip(1).map(WrappedKey::keyId).toList();
    long end = chain.get(chain.size() - 1).kwkId();
    WorkingKeyPath after;
    if (fresh.isEmpty()) {
      after = held; // "If the new Key Path is empty then no actions are needed."
    } else if (held.holds(end)) {
      after = held.replacedUpTo(end, fresh);
    } else {
      after = new WorkingKeyPath(fresh); // "the whole new Key Path is stored"
    }
    List<WrappedKey> steps = new ArrayList<>(chain);
    Collections.reverse(steps);
    return new KeyPathPlan.Reachable(steps, after);
  }
}
