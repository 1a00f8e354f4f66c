package org.keyfleet.gcks.store;

import java.util.List;
import java.util.Optional;

/**
 * A group as it was last written.
 *
 * @param degree of the tree that the nodes belong to; 0 while there is none
 * @param height levels of that tree
 * @param fingerprint of the policy that members were given; with another one they start over
 * @param rekeyOwed whether somebody is out whose going the SAs in force do not reflect
 * @param healFrom the leaf at which healing goes on
 * @param incarnations lives of the server, oldest first
 * @param rekeySa empty in a group that is rekeyed inband only
 */
public record GroupSnapshot(
    CounterRow counters,
    int degree,
    int height,
    String fingerprint,
    boolean rekeyOwed,
    int healFrom,
    List<IncarnationRow> incarnations,
    Optional<RekeySaRow> rekeySa,
    List<DataSaRow> dataSas,
    List<NodeRow> nodes) {
  public GroupSnapshot {
    incarnations = List.copyOf(incarnations);
    dataSas = List.copyOf(dataSas);
    nodes = List.copyOf(nodes);
  }
}
