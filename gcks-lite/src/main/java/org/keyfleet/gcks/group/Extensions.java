package org.keyfleet.gcks.group;

import java.util.ArrayList;
import java.util.List;
import org.keyfleet.gcks.policy.GroupSettings;
import org.keyfleet.protocol.gikev2.Attribute;
import org.keyfleet.protocol.gikev2.KfGkma;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.keytree.TreeGkma;

/** What only peers that sent our Vendor ID get to see (docs/protocol-extensions.md). */
final class Extensions {
  private Extensions() {}

  /** Names the key tree of the group. */
  static RekeySaPolicy announce(RekeySaPolicy policy, GroupSettings settings, KeyTree tree) {
    KfGkma gkma =
        new KfGkma(
            algorithm(settings.gkma()),
            settings.treeDegree(),
            tree.shape().height(),
            false,
            settings.strict());
    List<Attribute> others = new ArrayList<>(policy.attributes().others());
    others.add(gkma.toAttribute());
    return policy.withAttributes(policy.attributes().withOthers(others));
  }

  private static KfGkma.Algorithm algorithm(TreeGkma gkma) {
    return switch (gkma) {
      case LKH -> KfGkma.Algorithm.LKH;
      case OFC -> KfGkma.Algorithm.OFC;
    };
  }
}
