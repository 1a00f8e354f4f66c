package org.keyfleet.gcks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.hsm.KeyCustody;

/** A soft custody and a world for each test, in a directory that costs no disk. */
abstract class WorldFixture {
  final Policies policy = new Policies();

  @TempDir(factory = MemoryDirectory.class)
  private @Nullable Path directory;

  private @Nullable KeyCustody custody;
  private @Nullable World world;

  @AfterEach
  void closeWorld() {
    if (world != null) {
      world.close();
    }
    if (custody != null) {
      custody.close();
    }
  }

  /** The world, made and started with {@link #policy} when first asked for. */
  World world() throws Exception {
    if (world == null) {
      world = worldOf(1).startServer();
    }
    return world;
  }

  /** A world whose server is not started. */
  World worldOf(long seed) throws Exception {
    if (custody == null) {
      custody = SoftCustodies.open(directory());
    }
    world = new World(seed, policy.settings(), custody, directory());
    return world;
  }

  /** The soft custody as its file is now. */
  void reopenCustody() throws Exception {
    Objects.requireNonNull(custody).close();
    custody = SoftCustodies.reopen(directory());
    world().custody(custody);
  }

  Path directory() {
    return Objects.requireNonNull(directory);
  }

  /** Every member holds the same current keys, and none has met a damaged message. */
  void assertSameKeys() throws Exception {
    PlainMember first = world().members.values().iterator().next();
    assertEquals(2, first.current().size(), first.name);
    for (PlainMember member : world().members.values()) {
      assertEquals(first.current(), member.current(), member.name);
      assertEquals(first.rekeySpi(), member.rekeySpi(), member.name);
      assertEquals(0, member.damaged, member.name);
    }
  }
}
