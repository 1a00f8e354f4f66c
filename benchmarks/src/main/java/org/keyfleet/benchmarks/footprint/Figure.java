package org.keyfleet.benchmarks.footprint;

import com.grack.nanojson.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/** The median of several starts, and how far they lie apart. */
record Figure(long median, long min, long max) {
  static Figure of(List<Sample> samples, ToLongFunction<Sample> value) {
    long[] sorted = samples.stream().mapToLong(value).sorted().toArray();
    int middle = sorted.length / 2;
    long median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Figure(median, sorted[0], Arrays.stream(sorted).max().orElseThrow());
  }

  double ratioTo(Figure floor) {
    return (double) median / floor.median;
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json.put("median", median);
    json.put("min", min);
    json.put("max", max);
    return json;
  }
}
