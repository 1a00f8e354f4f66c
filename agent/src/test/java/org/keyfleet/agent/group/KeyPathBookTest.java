package org.keyfleet.agent.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.protocol.gikev2.WorkingKeyPath;
import org.keyfleet.protocol.gikev2.WrappedKey;
import org.keyfleet.protocol.octets.Bytes;

/** What an authentic message may ask for and does not get. */
class KeyPathBookTest {
  private static final KeyName ROOT = KeyName.of("root");
  private static final Bytes BLOB =
      Bytes.fromHex("00112233445566778899aabbccddeeff0011223344556677");

  @Test
  void pathThatIsTooDeepIsNoBug() throws Exception {
    KeyPathBook book = KeyPathBook.of(path(64), ROOT, Optional.empty(), wraps(64));
    assertEquals(63, book.wraps().size());
    for (int keys : new int[] {0, 65}) {
      assertKeysFault(() -> KeyPathBook.of(path(keys), ROOT, Optional.empty(), wraps(keys)));
      assertKeysFault(() -> KeyPathBook.along(path(keys), List.of(), wraps(keys)));
      assertKeysFault(() -> book.after(path(keys), wraps(keys)));
    }
  }

  @Test
  void keyWithoutItsWrapIsNoBug() throws Exception {
    KeyPathBook book = KeyPathBook.of(path(3), ROOT, Optional.empty(), wraps(3));
    assertKeysFault(() -> book.after(WorkingKeyPath.of(77, 2), List.of()));
    assertKeysFault(() -> KeyPathBook.of(path(3), ROOT, Optional.empty(), wraps(2)));
  }

  private static void assertKeysFault(org.junit.jupiter.api.function.Executable executable) {
    InstallException refused = assertThrows(InstallException.class, executable);
    assertEquals(InstallException.Kind.KEYS, refused.kind());
  }

  private static WorkingKeyPath path(int keys) {
    List<Long> ids = new ArrayList<>();
    for (long id = 0; id < keys; id++) {
      ids.add(id);
    }
    return new WorkingKeyPath(ids);
  }

  private static List<WrappedKey> wraps(int keys) {
    List<WrappedKey> wraps = new ArrayList<>();
    for (long id = 0; id < keys - 1; id++) {
      wraps.add(new WrappedKey(id, id + 1, BLOB));
    }
    return wraps;
  }
}
