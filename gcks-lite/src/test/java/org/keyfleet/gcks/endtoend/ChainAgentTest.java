package org.keyfleet.gcks.endtoend;

import org.junit.jupiter.api.BeforeEach;
import org.keyfleet.protocol.keytree.TreeGkma;

/** Strict custody in a group with one-way function chains: SoftHSM derives inside. */
class ChainAgentTest extends StrictAgentTest {
  @BeforeEach
  void chains() {
    policy.gkma = TreeGkma.OFC;
    policy.degree = 2;
  }
}
