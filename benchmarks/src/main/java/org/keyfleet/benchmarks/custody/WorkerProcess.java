package org.keyfleet.benchmarks.custody;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of its own for one back end, since PKCS#11 modules read the environment. */
public final class WorkerProcess {
  /** Where the worker writes its JSON, in its work directory. */
  public static final String RESULT = "result.json";

  private WorkerProcess() {}

  /**
   * Runs {@code main} as on a device, with the back end's name, {@code work} and {@code arguments},
   * and gives what it left in {@link #RESULT}.
   *
   * @param heap option of the virtual machine
   */
  public static JsonObject measure(
      BackEnd backEnd, Path work, Class<?> main, String heap, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // as the agent runs on a device
                heap,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                backEnd.name(),
                work.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(work.resolve("log").toFile());
    builder.environment().putAll(backEnd.start(work));
    Process process = builder.start();
    if (process.waitFor() != 0) {
      throw new IOException(backEnd.name() + " failed:\n" + Files.readString(work.resolve("log")));
    }
    try {
      return JsonParser.object().from(Files.readString(work.resolve(RESULT)));
    } catch (JsonParserException e) {
      throw new IOException(backEnd.name() + " left no result", e);
    }
  }
}
