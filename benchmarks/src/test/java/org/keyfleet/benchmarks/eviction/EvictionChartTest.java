package org.keyfleet.benchmarks.eviction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.keyfleet.benchmarks.docs.Checkout;
import org.keyfleet.benchmarks.eviction.EvictionChart.Point;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The chart holds the rows, and the committed one is drawn from the committed rows. */
class EvictionChartTest {
  private static final List<Point> POINTS =
      List.of(
          new Point("A & <B>", 1 << 10, 812),
          new Point("A & <B>", 1 << 20, 1600),
          new Point("C", 2187, 950),
          new Point("C", 64, 336_505));

  @Test
  void eachRowIsAPointOfItsMethodsLine() throws Exception {
    Document chart = parse(EvictionChart.draw(POINTS));
    List<String> names = new ArrayList<>();
    texts(chart, "text").stream().filter(text -> text.equals("A & <B>")).forEach(names::add);
    texts(chart, "text").stream().filter(text -> text.equals("C")).forEach(names::add);
    assertEquals(List.of("A & <B>", "C"), names);
    NodeList circles = chart.getElementsByTagName("circle");
    assertEquals(titles(POINTS), texts(circles));
  }

  @Test
  void pointsLieInsideAndWhatIsMoreLiesHigher() throws Exception {
    NodeList circles = parse(EvictionChart.draw(POINTS)).getElementsByTagName("circle");
    for (int i = 0; i < circles.getLength(); i++) {
      assertTrue(coordinate(circles, i, "cx") >= 96 && coordinate(circles, i, "cx") <= 764);
      assertTrue(coordinate(circles, i, "cy") >= 84 && coordinate(circles, i, "cy") <= 470);
    }
    assertTrue(coordinate(circles, 1, "cx") > coordinate(circles, 0, "cx"));
    assertTrue(coordinate(circles, 1, "cy") < coordinate(circles, 0, "cy"));
    assertTrue(coordinate(circles, 3, "cy") < coordinate(circles, 2, "cy"));
  }

  @Test
  void onePointIsEnough() throws Exception {
    parse(EvictionChart.draw(List.of(new Point("A", 16, 2000))));
  }

  @Test
  void theCommittedChartShowsTheCommittedRows() throws Exception {
    Path results = Checkout.root().resolve("benchmarks/results");
    JsonObject json = JsonParser.object().from(Files.readString(results.resolve("eviction.json")));
    List<Point> points = new ArrayList<>(points(json.getArray("trees")));
    points.addAll(points(json.getArray("mls")));
    assertEquals(EvictionChart.draw(points), Files.readString(results.resolve("eviction.svg")));
  }

  /** What the chart of these points says about each. */
  static List<String> titles(List<Point> points) {
    return points.stream()
        .map(
            point ->
                String.format(
                    Locale.ROOT,
                    "%s, %,d members: %,d octets",
                    point.method(),
                    point.members(),
                    point.octets()))
        .toList();
  }

  static List<Point> points(JsonArray rows) {
    return IntStream.range(0, rows.size())
        .mapToObj(rows::getObject)
        .map(row -> new Point(row.getString("method"), row.getInt("members"), row.getInt("octets")))
        .toList();
  }

  static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  static List<String> texts(Document document, String element) {
    return texts(document.getElementsByTagName(element));
  }

  private static List<String> texts(NodeList nodes) {
    return IntStream.range(0, nodes.getLength())
        .mapToObj(i -> nodes.item(i).getTextContent())
        .toList();
  }

  private static double coordinate(NodeList circles, int index, String name) {
    return Double.parseDouble(((Element) circles.item(index)).getAttribute(name));
  }
}
