package org.keyfleet.gcks.group;

import java.util.List;
import java.util.Optional;
import org.keyfleet.gcks.store.CounterRow;
import org.keyfleet.gcks.store.DataSaRow;
import org.keyfleet.gcks.store.RekeySaRow;

/** A group as the operator sees it. */
public record GroupStatus(
    String name,
    int members,
    CounterRow counters,
    Optional<RekeySaRow> rekeySa,
    List<DataSaRow> dataSas,
    int pendingJoins,
    int pendingLeaves) {
  public GroupStatus {
    dataSas = List.copyOf(dataSas);
  }
}
