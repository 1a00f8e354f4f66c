package org.keyfleet.gcks.group;

import java.util.List;
import java.util.Optional;
import org.keyfleet.gcks.store.CounterRow;
import org.keyfleet.gcks.store.DataSaRow;
import org.keyfleet.gcks.store.RekeySaRow;

/**
 * What a group's messages are made from, besides its tree.
 *
 * @param rekeySa empty before the first member, and in a group that is rekeyed inband
 */
record GroupState(CounterRow counters, Optional<RekeySaRow> rekeySa, List<DataSaRow> dataSas) {
  static final GroupState NEW = new GroupState(CounterRow.FIRST, Optional.empty(), List.of());

  GroupState {
    dataSas = List.copyOf(dataSas);
  }
}
