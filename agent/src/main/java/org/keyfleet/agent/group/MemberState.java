package org.keyfleet.agent.group;

import java.util.List;
import java.util.OptionalInt;
import org.keyfleet.agent.group.GroupSnapshot.Timing;
import org.keyfleet.protocol.gikev2.NextSpis;
import org.keyfleet.protocol.gikev2.SenderId;

/**
 * The numbers of a membership that its messages change.
 *
 * @param tree how the group uses its key tree
 * @param tunnel the mode of data SAs (RFC 9838 section 2.3.4)
 * @param nextSpis announced SPIs
 */
record MemberState(
    long registeredMillis,
    long rekeysApplied,
    TreePolicy tree,
    boolean tunnel,
    Timing timing,
    List<SenderId> senderIds,
    OptionalInt senderIdBits,
    NextSpis nextSpis) {
  static final MemberState NONE =
      new MemberState(
          0,
          0,
          TreePolicy.PLAIN,
          true,
          new Timing(0, 0),
          List.of(),
          OptionalInt.empty(),
          NextSpis.NONE);

  MemberState {
    senderIds = List.copyOf(senderIds);
  }

  boolean strict() {
    return tree.strict();
  }

  MemberState rekeyed(Timing newTiming, NextSpis announced) {
    return new MemberState(
        registeredMillis,
        rekeysApplied + 1,
        tree,
        tunnel,
        newTiming,
        senderIds,
        senderIdBits,
        announced);
  }

  DataInstaller.Sending sending(boolean sender) {
    return new DataInstaller.Sending(sender, senderIds, senderIdBits);
  }
}
