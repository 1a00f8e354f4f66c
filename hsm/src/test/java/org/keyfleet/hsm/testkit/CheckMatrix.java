package org.keyfleet.hsm.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Keeps what each check of the contract found on a back end: a line a check in {@code
 * target/custody-matrix}, which {@link MatrixTable} makes a table of. A back end is called as its
 * test classes are, without the name of the contract.
 */
final class CheckMatrix implements AfterTestExecutionCallback, AfterAllCallback {
  static final String PASSED = "passed";
  static final String NOT_OFFERED = "not offered";
  static final String FAILED = "FAILED";

  private static final Path DIRECTORY = Path.of("target", "custody-matrix");
  private static final String SUFFIX = "Test";

  private final Map<Class<?>, Map<String, String>> results = new ConcurrentHashMap<>();

  @Override
  public void afterTestExecution(ExtensionContext context) {
    String reason = ((CustodyFixture) context.getRequiredTestInstance()).reasonNotOffered();
    String result = reason.isEmpty() ? PASSED : NOT_OFFERED + "\t" + reason;
    if (context.getExecutionException().isPresent()) {
      result = FAILED;
    }
    results
        .computeIfAbsent(context.getRequiredTestClass(), test -> new ConcurrentHashMap<>())
        .put(check(context), result);
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    Class<?> test = context.getRequiredTestClass();
    Class<?> contract = contract(test);
    StringBuilder lines = new StringBuilder();
    new TreeMap<>(results.getOrDefault(test, Map.of()))
        .forEach((check, result) -> lines.append(check).append('\t').append(result).append('\n'));
    Files.createDirectories(DIRECTORY);
    String name = backEnd(test, contract) + "." + contract.getSimpleName() + ".tsv";
    Files.writeString(DIRECTORY.resolve(name), lines);
  }

  /** Of SoftHsmUnwrapContractTest: SoftHsm. */
  static String backEnd(Class<?> test, Class<?> contract) {
    return test.getSimpleName().replace(contract.getSimpleName() + SUFFIX, "");
  }

  /** The class whose checks a test class inherits. */
  static Class<?> contract(Class<?> test) {
    Class<?> contract = test;
    while (contract.getSuperclass() != CustodyFixture.class) {
      contract = contract.getSuperclass();
    }
    return contract;
  }

  /** The method's name; of a parameterised one with the parameter. */
  private static String check(ExtensionContext context) {
    String method = context.getRequiredTestMethod().getName();
    boolean plain = context.getDisplayName().startsWith(method);
    return plain ? method : method + ", " + context.getDisplayName().replaceFirst("^\\[\\d+] ", "");
  }
}
