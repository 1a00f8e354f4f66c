package org.keyfleet.hsm.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** The table in the manual names the checks and the back ends that there are. */
final class MatrixTableTest {
  private static final Path PAGE = Path.of("..", "docs", "manual", "tokens.md");
  private static final List<Class<?>> CONTRACTS =
      List.of(
          CustodyContract.class, UnwrapContract.class, IdentityContract.class, FaultContract.class);
  private static final String CONTRACT_TEST = "CustodyContractTest.class";

  @Test
  void manualNamesEveryCheck() throws Exception {
    Set<String> checks = new TreeSet<>();
    for (Class<?> contract : CONTRACTS) {
      for (Method method : contract.getDeclaredMethods()) {
        if (method.isAnnotationPresent(Test.class)
            || method.isAnnotationPresent(ParameterizedTest.class)) {
          checks.add(MatrixTable.words(method.getName()));
        }
      }
    }
    assertTrue(checks.size() >= 40, checks.size() + " checks");
    assertEquals(checks, MatrixTable.checksOf(Files.readString(PAGE)), "run ./keyfleet test");
  }

  @Test
  void manualNamesEveryBackEnd() throws Exception {
    Path classes = Path.of(URI.create(CustodyContract.class.getResource("/").toString()));
    try (Stream<Path> all = Files.walk(classes)) {
      Set<String> backEnds =
          all.map(path -> String.valueOf(path.getFileName()))
              .filter(name -> name.endsWith(CONTRACT_TEST) && !name.equals(CONTRACT_TEST))
              .map(name -> name.substring(0, name.length() - CONTRACT_TEST.length()))
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(backEnds, MatrixTable.backEndsOf(Files.readString(PAGE)), "run ./keyfleet test");
    }
  }

  @Test
  void tableIsMadeOfTheResults(@TempDir Path directory) throws Exception {
    Files.writeString(
        directory.resolve("Tpm.UnwrapContract.tsv"),
        "chainOfKeys, 16\tpassed\nrolesAreKept\tnot offered\tno such thing\n");
    Files.writeString(directory.resolve("Soft.UnwrapContract.tsv"), "rolesAreKept\tpassed\n");
    String expected =
        """
        | check | Soft | Tpm |
        |---|---|---|
        | chain of keys, 16 | not run | passed |
        | roles are kept | passed | - (1) |

        2 checks: Soft 1 passed; Tpm 1 passed, 1 not offered.

        Not offered (1): no such thing
        """;
    String table = MatrixTable.read(directory).markdown();
    assertEquals(expected, table);
    String page = "a\n" + MatrixTable.BEGIN + "\nold\n" + MatrixTable.END + "\nb\n";
    String replaced = MatrixTable.replaced(page, table);
    assertEquals(replaced, MatrixTable.replaced(replaced, table));
    assertEquals(Set.of("Soft", "Tpm"), MatrixTable.backEndsOf(replaced));
    assertEquals(Set.of("chain of keys", "roles are kept"), MatrixTable.checksOf(replaced));
  }
}
