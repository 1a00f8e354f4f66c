package org.keyfleet.gcks.policy;

import java.time.Duration;
import java.util.List;
import org.keyfleet.protocol.keytree.TreeGkma;

/**
 * The operator's policy of one group.
 *
 * @param name the group's identity on the wire (ID_KEY_ID, UTF-8) and in topics
 * @param gkma the algorithm of the key tree
 * @param healInterval in which every member's tree keys are replaced once; zero for never
 * @param capacity most members at a time; over it, REGISTRATION_FAILED
 * @param backwardAccessControl whether a joiner is kept from what was sent before
 * @param forwardAccessControl whether a leaver is kept from what is sent after
 * @param activationDelay GWP_ATD, zero to leave it out
 * @param deactivationDelay GWP_DTD, zero to leave it out
 * @param senderIdBits GWP_SENDER_ID_BITS (RFC 6054)
 * @param maxSenderIds most Sender-IDs for one registration
 */
public record GroupSettings(
    String name,
    CustodyDemand custody,
    TreeGkma gkma,
    int treeDegree,
    Duration healInterval,
    int capacity,
    boolean backwardAccessControl,
    boolean forwardAccessControl,
    Duration activationDelay,
    Duration deactivationDelay,
    int senderIdBits,
    int maxSenderIds,
    RekeySettings rekey,
    List<DataSaSettings> data,
    MemberRules members) {
  public GroupSettings {
    data = List.copyOf(data);
  }

  public boolean strict() {
    return custody == CustodyDemand.STRICT;
  }
}
