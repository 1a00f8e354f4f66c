package org.keyfleet.gcks.store;

import java.util.List;
import java.util.Optional;

/**
 * A group as it was last written.
 *
 * @param degree of the tree that the nodes belong to
 * @param capacity leaves of that tree, a power of its degree; 0 while there is none
 * @param rekeySa empty in a group that is rekeyed inband only
 */
public record GroupSnapshot(
    CounterRow counters,
    int degree,
    int capacity,
    Optional<RekeySaRow> rekeySa,
    List<DataSaRow> dataSas,
    List<NodeRow> nodes) {
  public GroupSnapshot {
    dataSas = List.copyOf(dataSas);
    nodes = List.copyOf(nodes);
  }
}
