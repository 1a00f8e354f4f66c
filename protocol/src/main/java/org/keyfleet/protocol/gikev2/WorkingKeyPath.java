package org.keyfleet.protocol.gikev2;

import java.util.ArrayList;
import java.util.List;

/**
 * The Key IDs of the key-encrypting keys a member holds for its group, each encrypted by the next
 * (RFC 9838 section 3.3): from the one that wraps the Rekey SA's keys to the member's own. Appendix
 * A writes {@code 1->3->7}.
 */
public record WorkingKeyPath(List<Long> keyIds) {
  /** A member that is not registered, or in a group without a key hierarchy. */
  public static final WorkingKeyPath EMPTY = new WorkingKeyPath(List.of());

  public WorkingKeyPath {
    keyIds = List.copyOf(keyIds);
  }

  public static WorkingKeyPath of(long... keyIds) {
    List<Long> ids = new ArrayList<>();
    for (long id : keyIds) {
      ids.add(id);
    }
    return new WorkingKeyPath(ids);
  }

  public boolean holds(long keyId) {
    return keyIds.contains(keyId);
  }

  /** {@code fresh} in front of what this path has from {@code keyId} on. */
  WorkingKeyPath replacedUpTo(long keyId, List<Long> fresh) {
    List<Long> ids = new ArrayList<>(fresh);
    ids.addAll(keyIds.subList(keyIds.indexOf(keyId), keyIds.size()));
    return new WorkingKeyPath(ids);
  }

  @Override
  public String toString() {
    return String.join("->", keyIds.stream().map(String::valueOf).toList());
  }
}
