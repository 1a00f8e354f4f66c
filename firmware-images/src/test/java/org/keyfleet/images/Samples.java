package org.keyfleet.images;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Records and lambdas of each kind; {@link #call} says what all of them do. */
// what a compiler takes must be rewritten right, in good style or not
@SuppressWarnings({"ArrayRecordComponent", "ImmutableEnumChecker", "UnnecessaryLambda"})
public final class Samples extends SamplesBase implements Callable<List<String>> {
  record All(
      boolean flag,
      byte octet,
      char letter,
      short two,
      int four,
      long eight,
      float real,
      double longReal,
      String text,
      int[] array,
      List<String> list) {}

  record Plain(
      boolean flag,
      byte octet,
      char letter,
      short two,
      int four,
      long eight,
      float real,
      double longReal,
      String text) {}

  record Empty() {}

  record Pair<A, B>(A left, B right) {
    static <A> Pair<A, A> twice(A value) {
      return new Pair<>(value, value);
    }
  }

  record Maybe(@Nullable String text) {}

  interface Shape {
    int area();

    default Supplier<String> described() {
      return () -> kind() + area();
    }

    private String kind() {
      return "shape of ";
    }
  }

  interface Marker {}

  enum Operation {
    ADD((a, b) -> a + b),
    MULTIPLY((a, b) -> a * b);

    private final BinaryOperator<Integer> operator;

    Operation(BinaryOperator<Integer> operator) {
      this.operator = operator;
    }
  }

  private final List<String> said = new ArrayList<>();

  @Override
  public List<String> call() {
    records();
    captures(7, 1L << 40, 2.5, "seven");
    references();
    conversions();
    shapes();
    return said;
  }

  private void records() {
    int[] array = {1, 2};
    All one = all(array, 1.5);
    All same = all(array, 1.5);
    say(one.equals(same), one.hashCode() == same.hashCode());
    say(new Plain(true, (byte) -1, 'x', (short) -2, 3, -4L, 0.5f, 1.5, "text").hashCode());
    say(one.equals(all(array.clone(), 1.5)), one.equals(all(array, -1.5)));
    say(all(array, Double.NaN).equals(all(array, Double.NaN)));
    say(all(array, 0.0).equals(all(array, -0.0)));
    say(one.toString().replaceAll("@[0-9a-f]+", "@"));
    say(new Empty(), new Empty().equals(new Empty()), new Empty().hashCode());
    say(Pair.twice("x"), new Maybe(null), new Maybe(null).hashCode());
    say(new Maybe(null).equals(new Maybe(null)), new Maybe("a").equals(new Maybe(null)));
    Map<Pair<String, Integer>, String> map = new TreeMap<>(Comparator.comparing(Pair::right));
    map.put(new Pair<>("b", 2), "second");
    map.put(new Pair<>("a", 1), "first");
    say(map);
  }

  private static All all(int[] array, double real) {
    return new All(
        true, (byte) -1, 'x', (short) -2, 3, -4L, 0.5f, real, "text", array, List.of("a"));
  }

  private void captures(int four, long eight, double real, String text) {
    LongSupplier sum = () -> four + eight;
    Supplier<String> joined = () -> said.size() + text + real + four;
    Runnable runs = () -> say("ran", eight);
    say(sum.getAsLong(), joined.get());
    runs.run();
    Supplier<Supplier<String>> nested = () -> () -> text + four;
    say(nested.get().get());
  }

  private void references() {
    Function<String, Integer> length = String::length;
    Supplier<List<String>> made = ArrayList::new;
    IntFunction<int[]> arrays = int[]::new;
    Function<Object[], List<Object>> variable = Arrays::asList;
    BiFunction<String, String, Boolean> starts = String::startsWith;
    Predicate<String> bound = "keys and more"::contains;
    Supplier<String> privately = this::secret;
    Supplier<String> above = super::greeting;
    Function<String, Pair<String, String>> twice = Pair::twice;
    BiFunction<Integer, Integer, Pair<Integer, Integer>> pairs = Pair::new;
    say(length.apply("four"), made.get(), arrays.apply(3).length, starts.apply("key", "k"));
    say(variable.apply(new Object[] {1, "b"}), bound.test("and"), privately.get(), above.get());
    say(twice.apply("t"), pairs.apply(1, 2));
    Runnable drops = this::secret;
    drops.run();
  }

  private void conversions() {
    IntFunction<Integer> boxed = Math::abs;
    ToLongFunction<Integer> widened = Integer::intValue;
    ToDoubleFunction<Integer> real = i -> i;
    IntToLongFunction longer = i -> i;
    Function<Integer, Long> both = Samples::half;
    ToIntFunction<Character> letter = Character::charValue;
    Function<Object, String> general = Object::toString;
    Comparator<String> compared = Comparator.comparing((String s) -> s.length()).reversed();
    say(boxed.apply(-3), widened.applyAsLong(4), real.applyAsDouble(5), longer.applyAsLong(6));
    say(both.apply(10), letter.applyAsInt('a'), general.apply(9), compared.compare("a", "bb"));
    Runnable marked = (Runnable & Marker) () -> say("marked");
    marked.run();
    Supplier<String> kept = (Supplier<String> & Serializable) () -> "serialisable";
    say(marked instanceof Marker, kept.get());
    say(
        IntStream.range(0, 5)
            .mapToObj(i -> new Pair<>(i, "v" + i))
            .filter(pair -> pair.left() % 2 == 0)
            .collect(Collectors.toMap(Pair::left, Pair::right)));
  }

  private void shapes() {
    Shape square = () -> 9;
    say(square.described().get());
    Stream.of(Operation.values()).map(o -> o + "=" + o.operator.apply(3, 4)).forEach(this::say);
    Supplier<Supplier<Integer>> inner =
        () ->
            new Supplier<>() {
              private final ToIntFunction<String> size = text -> text.length() + said.size();

              @Override
              public Integer get() {
                return size.applyAsInt("abc");
              }
            };
    say(inner.get().get());
  }

  private String secret() {
    return "private " + said.size();
  }

  @Override
  String greeting() {
    return "below";
  }

  private static long half(int value) {
    return value / 2;
  }

  private void say(Object... what) {
    said.add(Arrays.toString(what));
  }
}

/** Has a method that is called by {@code super::}. */
class SamplesBase {
  String greeting() {
    return "above";
  }
}
