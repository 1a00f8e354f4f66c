package org.keyfleet.benchmarks;

/** A figure beside its floor or peer of the same run. */
record Ratio(double figure, double floor) {
  double value() {
    return figure / floor;
  }
}
