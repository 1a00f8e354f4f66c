package org.keyfleet.agent.group;

import java.io.IOException;
import java.util.List;
import org.keyfleet.agent.data.CounterReserve;
import org.keyfleet.agent.data.ReplayMark;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;

/** Makes the data plane's numbers durable in the journal. */
record JournalReserve(GroupJournal journal) implements CounterReserve {
  @Override
  public void reserve(long spi, long upTo) throws IOException {
    try {
      journal.reserve(octets(spi), upTo);
    } catch (CustodyException e) {
      throw new IOException("the token does not authenticate the journal", e);
    }
  }

  @Override
  public void received(long spi, List<ReplayMark> marks) throws IOException {
    try {
      journal.received(octets(spi), marks);
    } catch (CustodyException e) {
      throw new IOException("the token does not authenticate the journal", e);
    }
  }

  private static Bytes octets(long spi) {
    return new ByteWriter().u32(spi).toBytes();
  }
}
