package org.keyfleet.benchmarks.eviction;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Draws octets of one eviction over the size of the group as SVG, both axes logarithmic, one line a
 * method. The colours follow the reader's light or dark scheme.
 */
final class EvictionChart {
  private static final int LEFT = 96;
  private static final int RIGHT = 764;
  private static final int TOP = 84;
  private static final int BOTTOM = 470;

  /**
   * Octets that pass every link in one UDP packet: IPv6's least MTU (RFC 8200 section 5), less
   * headers.
   */
  private static final int ONE_PACKET = 1280 - 40 - 8;

  private static final int COLOURS = 6;

  private final Map<String, List<Point>> lines = new LinkedHashMap<>();
  private final Scale members;
  private final Scale octets;

  /** One row of the measurement. */
  record Point(String method, int members, int octets) {}

  /** Values from {@code low} to {@code high}, on a logarithmic axis between two coordinates. */
  private record Scale(int low, int high, int from, int to) {
    double at(double value) {
      return from + (to - from) * Math.log(value / low) / Math.log((double) high / low);
    }
  }

  private EvictionChart(List<Point> points) {
    int mostMembers = points.stream().mapToInt(Point::members).max().orElseThrow();
    int leastMembers = points.stream().mapToInt(Point::members).min().orElseThrow();
    int mostOctets = points.stream().mapToInt(Point::octets).max().orElseThrow();
    int leastOctets = points.stream().mapToInt(Point::octets).min().orElseThrow();
    int low = 1;
    while (step(low) <= leastOctets) {
      low = step(low);
    }
    int high = low;
    while (high < Math.max(mostOctets, ONE_PACKET)) {
      high = step(high);
    }
    int leftmost = Integer.highestOneBit(leastMembers);
    int rightmost = Math.max(2 * leftmost, roundedUp(mostMembers));
    members = new Scale(leftmost, rightmost, LEFT, RIGHT);
    octets = new Scale(low, high, BOTTOM, TOP);
    points.forEach(
        point -> lines.computeIfAbsent(point.method(), name -> new ArrayList<>()).add(point));
  }

  /** The chart of at least one point; the points of a line are joined in their order. */
  static String draw(List<Point> points) {
    return new EvictionChart(points).svg();
  }

  private String svg() {
    StringBuilder out = new StringBuilder(HEAD);
    ticks(octets, EvictionChart::step).forEach(value -> out.append(octetsTick(value)));
    ticks(members, value -> 4 * value).forEach(value -> out.append(membersTick(value)));
    if (octets.low() <= ONE_PACKET) {
      double y = octets.at(ONE_PACKET);
      out.append(format("<path class=\"packet\" d=\"M%d %.1fH%d\"/>%n", LEFT, y, RIGHT));
      out.append(
          format(
              "<text class=\"s\" x=\"%d\" y=\"%.1f\">%,d pass every IPv6 link</text>%n",
              RIGHT + 10, y + 4, ONE_PACKET));
    }
    int line = 0;
    for (Map.Entry<String, List<Point>> entry : lines.entrySet()) {
      out.append(line(entry.getKey(), entry.getValue(), line++));
    }
    return out.append("</svg>\n").toString();
  }

  private String line(String method, List<Point> points, int number) {
    StringBuilder path = new StringBuilder();
    StringBuilder dots = new StringBuilder();
    for (Point point : points) {
      double x = members.at(point.members());
      double y = octets.at(point.octets());
      path.append(format("%s%.1f %.1f", path.isEmpty() ? "M" : "L", x, y));
      dots.append(
          format(
              "  <circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\"><title>%s, %,d members: %,d octets</title></circle>%n",
              x, y, escaped(method), point.members(), point.octets()));
    }
    int y = TOP + 14 + 30 * number;
    return format("<g class=\"c%d\">%n", number % COLOURS)
        + format("  <path class=\"line\" d=\"%s\"/>%n", path)
        + dots
        + format("  <path class=\"line\" d=\"M%d %dh28\"/>%n", RIGHT + 30, y)
        + format(
            "  <text class=\"n\" x=\"%d\" y=\"%d\">%s</text>%n", RIGHT + 68, y + 5, escaped(method))
        + format("</g>%n");
  }

  private String octetsTick(int value) {
    double y = octets.at(value);
    return format("<path class=\"grid\" d=\"M%d %.1fH%d\"/>", LEFT, y, RIGHT)
        + format(
            "<text class=\"s\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%,d</text>%n",
            LEFT - 10, y + 4, value);
  }

  private String membersTick(int value) {
    double x = members.at(value);
    return format("<path class=\"grid\" d=\"M%.1f %dV%d\"/>", x, TOP, BOTTOM)
        + format(
            "<text class=\"s\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,d</text>%n",
            x, BOTTOM + 22, value);
  }

  private static List<Integer> ticks(Scale scale, IntUnaryOperator next) {
    List<Integer> ticks = new ArrayList<>();
    for (int value = scale.low(); value <= scale.high(); value = next.applyAsInt(value)) {
      ticks.add(value);
    }
    return ticks;
  }

  /** The next of 1, 2, 5, 10, 20, 50 and so on. */
  private static int step(int value) {
    int digit = value;
    while (digit >= 10) {
      digit /= 10;
    }
    return digit == 2 ? value / 2 * 5 : 2 * value;
  }

  private static int roundedUp(int value) {
    int below = Integer.highestOneBit(value);
    return below == value ? value : 2 * below;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments).replace(System.lineSeparator(), "\n");
  }

  private static final String HEAD =
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 540" width="960" height="540" role="img" aria-labelledby="t d">
      <title id="t">Octets of one eviction</title>
      <desc id="d">Octets of the message that takes one member out of a group, by the size of the group. Both axes are logarithmic; there is one line for each method.</desc>
      <style>
        text { font-family: ui-sans-serif, -apple-system, "Segoe UI", "DejaVu Sans", Helvetica, Arial, sans-serif; fill: #1f2328; }
        .h { font-size: 15px; font-weight: 600; } .s { font-size: 12px; fill: #59636e; } .n { font-size: 13px; font-weight: 600; }
        .card { fill: #ffffff; } .grid { stroke: #d0d7de; stroke-width: 1; fill: none; }
        .packet { stroke: #59636e; stroke-width: 1.5; stroke-dasharray: 2 5; fill: none; }
        .line { stroke-width: 2; fill: none; stroke-linejoin: round; }
        .c0 .line { stroke: #0969da; } .c0 circle { fill: #0969da; } .c1 .line { stroke: #8250df; } .c1 circle { fill: #8250df; }
        .c2 .line { stroke: #1a7f37; } .c2 circle { fill: #1a7f37; } .c3 .line { stroke: #cf222e; } .c3 circle { fill: #cf222e; }
        .c4 .line { stroke: #9a6700; stroke-dasharray: 7 4; } .c4 circle { fill: #9a6700; }
        .c5 .line { stroke: #59636e; stroke-dasharray: 7 4; } .c5 circle { fill: #59636e; }
        @media (prefers-color-scheme: dark) {
          text { fill: #f0f6fc; } .s { fill: #9198a1; } .card { fill: #0d1117; } .grid { stroke: #3d444d; } .packet { stroke: #9198a1; }
          .c0 .line { stroke: #4493f8; } .c0 circle { fill: #4493f8; } .c1 .line { stroke: #ab7df8; } .c1 circle { fill: #ab7df8; }
          .c2 .line { stroke: #3fb950; } .c2 circle { fill: #3fb950; } .c3 .line { stroke: #f85149; } .c3 circle { fill: #f85149; }
          .c4 .line { stroke: #d29922; } .c4 circle { fill: #d29922; } .c5 .line { stroke: #9198a1; } .c5 circle { fill: #9198a1; }
        }
      </style>
      <rect class="card" width="960" height="540" rx="12"/>
      <text class="h" x="24" y="36">One eviction: octets of the message that changes the keys</text>
      <text class="s" x="24" y="58">octets, by members of the group; AES-128, signed with Ed25519</text>
      <text class="s" x="430" y="520" text-anchor="middle">members</text>
      """;
}
