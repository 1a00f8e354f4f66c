package org.keyfleet.protocol.keytree;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * A group in which keys are numbers and wrapping is an arrow: everybody hears every rekey message
 * for ever, and {@link #reachable} says which SA keys somebody can open with what he once held.
 */
final class SymbolicGroup {
  /** One person in one stay: the epochs he may read, and the keys he was given at the door. */
  static final class Person {
    final LeafIndex leaf;
    final Set<Integer> given = new HashSet<>();
    final TreeSet<Integer> entitled = new TreeSet<>();

    Person(LeafIndex leaf) {
      this.leaf = leaf;
    }
  }

  final List<Person> present = new ArrayList<>();
  final List<Person> gone = new ArrayList<>();
  private final Map<NodeIndex, Integer> keyOfNode = new HashMap<>();
  private final Map<Integer, List<Integer>> opens = new HashMap<>();
  private final Map<Integer, Integer> epochOfSaKey = new HashMap<>();
  private final Map<NodeIndex, NodeIndex> sources = new HashMap<>();
  private LeafSet members;
  private int lastKey;
  private int epoch;

  SymbolicGroup(TreeShape shape) {
    members = LeafSet.empty(shape);
  }

  LeafSet members() {
    return members;
  }

  /** Sends one rekey message and lets the joiners in. */
  void apply(RekeyPlan plan, MembershipChange change) {
    epoch++;
    Map<NodeIndex, Integer> old = new HashMap<>(keyOfNode);
    plan.vacated().forEach(keyOfNode::remove);
    plan.renewed().forEach(node -> keyOfNode.put(node, ++lastKey));
    for (Derivation derivation : plan.derivations()) {
      arrow(key(derivation.child()), key(derivation.parent()));
      sources.put(derivation.parent(), derivation.child());
    }
    for (Wrap wrap : plan.wraps()) {
      arrow(key(wrap.child()), key(wrap.parent()));
    }
    int saKey = ++lastKey;
    epochOfSaKey.put(saKey, epoch);
    plan.top().forEach(top -> arrow(key(top), saKey));

    LeafSet after = members.resized(plan.shape());
    for (LeafIndex leaf : change.evicted()) {
      after.remove(leaf);
      leave(leaf);
    }
    for (LeafIndex leaf : change.joined()) {
      after.add(leaf);
      admit(leaf, plan.shape(), saKey, old);
    }
    members = after;
    present.forEach(person -> person.entitled.add(epoch));
  }

  /** The epochs whose SA key {@code people} can open together. */
  Set<Integer> reachable(Collection<Person> people) {
    Set<Integer> known = new HashSet<>();
    Deque<Integer> fresh = new ArrayDeque<>();
    for (Person person : people) {
      person.given.stream().filter(known::add).forEach(fresh::add);
    }
    while (!fresh.isEmpty()) {
      opens.getOrDefault(fresh.remove(), List.of()).stream().filter(known::add).forEach(fresh::add);
    }
    Set<Integer> epochs = new TreeSet<>();
    known.stream().filter(epochOfSaKey::containsKey).map(epochOfSaKey::get).forEach(epochs::add);
    return epochs;
  }

  long keyId(NodeIndex node) {
    return key(node);
  }

  List<NodeIndex> innerNodes() {
    return keyOfNode.keySet().stream().filter(node -> !node.isLeaf()).toList();
  }

  /** The child that the key of a node was computed from when it was made. */
  NodeIndex sourceOf(NodeIndex node) {
    return Objects.requireNonNull(sources.get(node), () -> "no source of " + node);
  }

  private Integer key(NodeIndex node) {
    return Objects.requireNonNull(keyOfNode.get(node), () -> "no key at " + node);
  }

  private void arrow(Integer from, Integer to) {
    opens.computeIfAbsent(from, key -> new ArrayList<>()).add(to);
  }

  private void leave(LeafIndex leaf) {
    Person person = present.stream().filter(p -> p.leaf.equals(leaf)).findFirst().orElseThrow();
    present.remove(person);
    gone.add(person);
  }

  private void admit(LeafIndex leaf, TreeShape shape, int saKey, Map<NodeIndex, Integer> oldKeys) {
    Person person = new Person(leaf);
    for (NodeIndex node : shape.path(leaf)) {
      person.given.add(key(node));
    }
    person.given.add(saKey);
    if (key(leaf.node()).equals(oldKeys.get(leaf.node()))) {
      throw new AssertionError("leaf key handed on");
    }
    present.add(person);
  }
}
