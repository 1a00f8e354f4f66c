package org.keyfleet.protocol.keytree.histories;

import java.util.List;
import org.keyfleet.protocol.keytree.HeapTree;
import org.keyfleet.protocol.keytree.LeafIndex;

/** The keys of a stateless method: made once, given once, and covers chosen of them. */
interface StatelessKeys {
  HeapTree tree();

  /** What the member at a leaf is given. */
  List<Key> held(LeafIndex leaf);

  /** The keys that a group key is wrapped under when {@code revoked} must not read it. */
  List<Key> cover(int[] revoked);

  /** How many there are. */
  int size();
}
