package org.keyfleet.benchmarks.custody;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The times of one column over all rounds, or why there are none. */
final class Cost {
  private final Map<Operation, List<Long>> nanos = new EnumMap<>(Operation.class);
  private final Map<Operation, String> refusals = new EnumMap<>(Operation.class);
  private final Map<Operation, List<Long>> medians = new EnumMap<>(Operation.class);

  void add(Operation operation, long[] round) {
    List<Long> all = nanos.computeIfAbsent(operation, key -> new ArrayList<>());
    for (long time : round) {
      all.add(time);
    }
    medians.computeIfAbsent(operation, key -> new ArrayList<>()).add(percentile(round, 50));
  }

  void refused(Operation operation, String reason) {
    refusals.put(operation, reason);
  }

  /** Microseconds: median, tenth and ninetieth percentile of all, and the median of each round. */
  JsonObject json() {
    JsonObject json = new JsonObject();
    for (Operation operation : Operation.values()) {
      List<Long> times = nanos.get(operation);
      JsonObject one = new JsonObject();
      if (times == null) {
        one.put("refused", refusals.getOrDefault(operation, "not measured"));
      } else {
        long[] all = times.stream().mapToLong(Long::longValue).toArray();
        one.put("samples", all.length);
        one.put("medianMicros", micros(percentile(all, 50)));
        one.put("p10Micros", micros(percentile(all, 10)));
        one.put("p90Micros", micros(percentile(all, 90)));
        JsonArray rounds = new JsonArray();
        medians.getOrDefault(operation, List.of()).forEach(median -> rounds.add(micros(median)));
        one.put("roundMediansMicros", rounds);
      }
      json.put(operation.key(), one);
    }
    return json;
  }

  private static double micros(long nanos) {
    return Math.round(nanos / 10.0) / 100.0;
  }

  private static long percentile(long[] times, int percent) {
    long[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }
}
