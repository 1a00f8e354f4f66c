package org.keyfleet.protocol.gikev2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.keyfleet.protocol.gikev2.KeyPathPlan.Excluded;
import org.keyfleet.protocol.gikev2.KeyPathPlan.Reachable;
import org.keyfleet.protocol.octets.Bytes;

/** RFC 9838 section 3.3, the Working Key Path; keys in appendix A's notation. */
class KeyPathResolverTest {
  private static final GroupSaId SA = GroupSaId.rekey(Bytes.fromHex("11".repeat(16)));
  private static final WorkingKeyPath PATH = WorkingKeyPath.of(1, 3, 7);

  /** {@code "7{3}"}, {@code "GSK_w{K_sa}"}. */
  private static WrappedKey key(String notation) {
    int brace = notation.indexOf('{');
    String kwk = notation.substring(0, brace).replace("GSK_w", "0");
    String key = notation.substring(brace + 1, notation.length() - 1).replace("K_sa", "0");
    return new WrappedKey(Long.parseLong(key), Long.parseLong(kwk), Bytes.ofUtf8(notation));
  }

  private static List<WrappedKey> keys(String... notations) {
    List<WrappedKey> keys = new ArrayList<>();
    for (String notation : notations) {
      keys.add(key(notation));
    }
    return keys;
  }

  private static KeyDownload download(List<WrappedKey> saKeys, String... wraps) {
    return new KeyDownload(
        List.of(new GroupKeyBag(SA, saKeys, List.of())), MemberKeyBag.ofWrapKeys(keys(wraps)));
  }

  private static KeyPathPlan rekey(WorkingKeyPath held, KeyDownload download) {
    return KeyPathResolver.onRekey(download, download.groupBags().get(0), KfChain.NONE, held);
  }

  private static KeyPathPlan register(OptionalLong agreed, WorkingKeyPath held, KeyDownload kd) {
    return KeyPathResolver.atRegistration(kd, kd.groupBags().get(0), agreed, held);
  }

  private static void expect(KeyPathPlan plan, WorkingKeyPath after, String... steps) {
    Reachable reachable = assertInstanceOf(Reachable.class, plan);
    assertEquals(keys(steps), reachable.steps());
    assertEquals(after, reachable.pathAfter());
    assertEquals(keys(steps).get(steps.length - 1), reachable.saKey());
  }

  @Test
  void registrationStoresTheWholePath() {
    KeyDownload kd = download(keys("1{K_sa}"), "3{1}", "7{3}", "GSK_w{7}");
    expect(
        register(OptionalLong.empty(), WorkingKeyPath.EMPTY, kd),
        PATH,
        "GSK_w{7}",
        "7{3}",
        "3{1}",
        "1{K_sa}");
  }

  @Test
  void registrationUnderGskWLeavesNoPath() {
    KeyDownload kd = download(keys("GSK_w{K_sa}"));
    expect(
        register(OptionalLong.empty(), WorkingKeyPath.EMPTY, kd),
        WorkingKeyPath.EMPTY,
        "GSK_w{K_sa}");
  }

  @Test
  void registrationThroughAnAgreedKeyDoesNotKeepIt() {
    KeyDownload kd = download(keys("1{K_sa}"), "3{1}", "7{3}", "99{7}");
    expect(
        register(OptionalLong.of(99), WorkingKeyPath.EMPTY, kd),
        PATH,
        "99{7}",
        "7{3}",
        "3{1}",
        "1{K_sa}");
    assertInstanceOf(Excluded.class, register(OptionalLong.empty(), WorkingKeyPath.EMPTY, kd));
  }

  @Test
  void registrationOverAPersonalisedCardKeepsTheCardsKey() {
    KeyDownload kd = download(keys("1{K_sa}"), "3{1}", "7{3}");
    expect(
        register(OptionalLong.empty(), WorkingKeyPath.of(7), kd), PATH, "7{3}", "3{1}", "1{K_sa}");
  }

  @Test
  void rekeyUnderGskWLeavesThePath() {
    expect(rekey(PATH, download(keys("GSK_w{K_sa}"))), PATH, "GSK_w{K_sa}");
  }

  @Test
  void rekeyUnderAHeldKeyLeavesThePath() {
    expect(rekey(PATH, download(keys("1{K_sa}", "2{K_sa}"))), PATH, "1{K_sa}");
    expect(rekey(PATH, download(keys("3{K_sa}"))), PATH, "3{K_sa}");
  }

  @Test
  void newKeysReplaceThePathUpToTheKeyUsed() {
    KeyDownload kd = download(keys("2{K_sa}", "15{K_sa}"), "4{15}", "16{15}", "8{16}", "7{16}");
    expect(rekey(PATH, kd), WorkingKeyPath.of(15, 16, 7), "7{16}", "16{15}", "15{K_sa}");
  }

  @Test
  void releaserOfStrictCustodyIsOneMoreKeyOnThePath() {
    WorkingKeyPath strict = WorkingKeyPath.of(50, 1, 3, 7);
    KeyDownload kd = download(keys("51{K_sa}"), "1{51}", "2{51}");
    expect(rekey(strict, kd), WorkingKeyPath.of(51, 1, 3, 7), "1{51}", "51{K_sa}");
  }

  /** The figure of Ofc: member E with 7 as its own key computes 15 and 16; H unwraps 16. */
  @Test
  void chainsAreWalkedWhereTheAlgorithmHasThem() {
    KeyDownload kd = download(keys("16{K_sa}", "2{K_sa}"), "8{16}");
    KfChain chains = KfChain.of(List.of(Map.entry(7L, 15L), Map.entry(15L, 16L)));
    GroupKeyBag bag = kd.groupBags().get(0);
    Reachable reachable =
        assertInstanceOf(Reachable.class, KeyPathResolver.onRekey(kd, bag, chains, PATH));
    assertEquals(
        List.of(WrappedKey.derived(15, 7), WrappedKey.derived(16, 15), key("16{K_sa}")),
        reachable.steps());
    assertEquals(WorkingKeyPath.of(16, 15, 7), reachable.pathAfter());
    Reachable other =
        assertInstanceOf(
            Reachable.class, KeyPathResolver.onRekey(kd, bag, chains, WorkingKeyPath.of(4, 8, 11)));
    assertEquals(keys("8{16}", "16{K_sa}"), other.steps());
    assertInstanceOf(Excluded.class, KeyPathResolver.onRekey(kd, bag, KfChain.NONE, PATH));
    assertInstanceOf(
        Excluded.class, KeyPathResolver.onRekey(kd, bag, chains, WorkingKeyPath.of(14, 6, 12)));
  }

  @Test
  void memberWithoutAPathIsExcluded() {
    KeyDownload kd = download(keys("15{K_sa}"), "6{15}", "16{15}", "11{16}");
    assertInstanceOf(Excluded.class, rekey(PATH, kd));
    assertInstanceOf(Excluded.class, rekey(WorkingKeyPath.EMPTY, kd));
  }

  /**
   * An excluded member knows GSK_w of the old Rekey SA as well: a rekey must not lead through it.
   */
  @Test
  void wrapKeyUnderGskWIsNotFollowedInARekey() {
    assertInstanceOf(Excluded.class, rekey(PATH, download(keys("15{K_sa}"), "GSK_w{15}")));
  }

  @Test
  void deadEndsAndLoopsAreLeft() {
    KeyDownload kd =
        download(keys("20{K_sa}"), "21{20}", "20{21}", "22{21}", "21{22}", "23{20}", "3{23}");
    expect(rekey(PATH, kd), WorkingKeyPath.of(20, 23, 3, 7), "3{23}", "23{20}", "20{K_sa}");
  }

  @Test
  void searchIsLinearInTheWraps() {
    // every key of a layer under every key of the next: 40^25 chains, none of which ends
    List<String> wraps = new ArrayList<>();
    for (int layer = 1; layer <= 25; layer++) {
      for (int a = 0; a < 40; a++) {
        for (int b = 0; b < 2; b++) {
          wraps.add(((layer + 1) * 100 + (a + b) % 40) + "{" + (layer * 100 + a) + "}");
        }
      }
    }
    KeyDownload kd = download(keys("100{K_sa}", "101{K_sa}"), wraps.toArray(String[]::new));
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> assertInstanceOf(Excluded.class, rekey(WorkingKeyPath.EMPTY, kd)));
  }
}
