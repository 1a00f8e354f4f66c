package org.keyfleet.protocol.gikev2;

import java.util.Optional;
import org.keyfleet.protocol.ike.TransformIds;

/** The Sequence Numbers transform of a Data-Security SA (RFC 9838 sections 2.6 and 4.4.2.1.3). */
public enum SequenceNumbers {
  /** One sender: a receiver can detect replays. */
  SEQUENTIAL_32(TransformIds.SN_32_BIT_SEQUENTIAL),
  /** More than one sender, or no need: numbers repeat, nothing detects replays. */
  UNSPECIFIED_32(TransformIds.SN_32_BIT_UNSPECIFIED);

  private final int transformId;

  SequenceNumbers(int transformId) {
    this.transformId = transformId;
  }

  public int transformId() {
    return transformId;
  }

  /**
   * Empty for an ID that a multicast SA cannot have: "Partially Transmitted 64-bit Sequential
   * Numbers ... MUST NOT be used for multicast Data-Security SAs".
   */
  static Optional<SequenceNumbers> ofTransformId(int id) {
    for (SequenceNumbers numbers : values()) {
      if (numbers.transformId == id) {
        return Optional.of(numbers);
      }
    }
    return Optional.empty();
  }
}
