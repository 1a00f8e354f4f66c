package org.keyfleet.benchmarks.eviction;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.bouncycastle.mls.TreeKEM.LeafIndex;
import org.bouncycastle.mls.TreeKEM.NodeIndex;
import org.bouncycastle.mls.TreeKEM.TreeKEMPublicKey;
import org.bouncycastle.mls.codec.GroupInfo;
import org.bouncycastle.mls.codec.MLSOutputStream;
import org.bouncycastle.mls.codec.Proposal;
import org.bouncycastle.mls.crypto.Secret;
import org.bouncycastle.mls.protocol.Group;
import org.bouncycastle.mls.protocol.Group.CommitOptions;
import org.bouncycastle.mls.protocol.Group.CommitParameters;
import org.bouncycastle.mls.protocol.Group.GroupWithMessage;
import org.bouncycastle.mls.protocol.Group.MessageOptions;
import org.keyfleet.protocol.octets.Bytes;

/**
 * A group of Bouncy Castle's MLS (RFC 9420), as two neighbours in its tree have it: one commits,
 * the other shows that the commit is one. Their methods throw whatever Bouncy Castle's do.
 */
final class MlsGroup {
  private final SecureRandom random;
  private final int members;
  private final Group committer;
  private final Group other;

  private MlsGroup(SecureRandom random, int members, Group committer, Group other) {
    this.random = random;
    this.members = members;
    this.committer = committer;
    this.other = other;
  }

  /**
   * A commit that removes a member.
   *
   * @param message the MLSMessage, a PublicMessage
   * @param epochAuthenticator of the epoch that it begins (section 8.7): who has the same one has
   *     the same keys
   */
  record Eviction(Bytes message, Bytes epochAuthenticator) {}

  /**
   * The creator has added everybody with one commit, and nobody has committed since: no inner node
   * has a key. The creator commits.
   */
  static MlsGroup cold(int members, SecureRandom random) throws Exception {
    List<Proposal> adds = new ArrayList<>();
    MlsMember other = MlsMember.create(1);
    adds.add(Proposal.add(other.keyPackage()));
    for (int i = 2; i < members; i++) {
      adds.add(Proposal.add(MlsMember.create(i).keyPackage()));
    }
    GroupWithMessage commit = commit(create(), random, adds, true);
    return new MlsGroup(random, members, commit.group, other.join(commit.message.welcome));
  }

  /**
   * Everybody came with a commit of his own (section 12.4.3.2), the cheapest state there is: every
   * inner node has a key that all below it know. The last one commits.
   */
  static MlsGroup warm(int members, SecureRandom random) throws Exception {
    Group last = create();
    Group other = last;
    for (int i = 1; i < members; i++) {
      MlsMember joiner = MlsMember.create(i);
      GroupInfo info = last.getGroupInfo(true).groupInfo;
      GroupWithMessage join =
          Group.externalJoin(
              secret(random),
              joiner.signatureKeys(),
              joiner.keyPackage(),
              info,
              null,
              new MessageOptions(),
              null,
              new HashMap<>());
      if (i == members - 1) {
        other = last.handle(MLSOutputStream.encode(join.message), null);
      }
      last = join.group;
    }
    return new MlsGroup(random, members, last, other);
  }

  int members() {
    return members;
  }

  /** A leaf of the half of the tree without the committer: of the dearest ones to evict. */
  int farLeaf(Random places) {
    int half = members / 2;
    int leaf = places.nextInt(half);
    return committer.getIndex().value() < half ? half + leaf : leaf;
  }

  /** The other member's leaf. */
  int otherLeaf() {
    return other.getIndex().value();
  }

  /** Commits; this group stays as it is. */
  Eviction evict(int leaf) throws Exception {
    GroupWithMessage commit =
        commit(committer, random, List.of(Proposal.remove(new LeafIndex(leaf))), false);
    return new Eviction(
        Bytes.copyOf(MLSOutputStream.encode(commit.message)),
        Bytes.copyOf(commit.group.getEpochAuthenticator()));
  }

  /**
   * Whether the other member comes to the committer's epoch.
   *
   * @throws Exception if the commit has nothing for that member
   */
  boolean otherFollows(Eviction eviction) throws Exception {
    Group next = other.handle(eviction.message().toArray(), null);
    return MessageDigest.isEqual(
        next.getEpochAuthenticator(), eviction.epochAuthenticator().toArray());
  }

  /**
   * Ciphertexts of the path secrets: one for each node that the committer's copath resolves to
   * (sections 4.1.1 and 7.5).
   */
  int ciphertexts(int evicted) throws Exception {
    TreeKEMPublicKey tree = TreeKEMPublicKey.clone(committer.getTree());
    tree.blankPath(new LeafIndex(evicted));
    int count = 0;
    for (NodeIndex node : new NodeIndex(committer.getIndex()).copath(tree.getSize())) {
      count += tree.resolve(node).size();
    }
    return count;
  }

  private static Group create() throws Exception {
    return MlsMember.create(0).createGroup("fleet".getBytes(StandardCharsets.US_ASCII));
  }

  private static GroupWithMessage commit(
      Group group, SecureRandom random, List<Proposal> proposals, boolean welcomeWithTree)
      throws Exception {
    return group.commit(
        secret(random),
        new CommitOptions(proposals, welcomeWithTree, false, null),
        new MessageOptions(),
        new CommitParameters(Group.NORMAL_COMMIT_PARAMS));
  }

  private static Secret secret(SecureRandom random) {
    byte[] octets = new byte[MlsMember.HASH_OCTETS];
    random.nextBytes(octets);
    return new Secret(octets);
  }
}
