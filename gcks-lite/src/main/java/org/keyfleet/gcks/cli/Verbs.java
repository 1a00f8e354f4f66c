package org.keyfleet.gcks.cli;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.keyfleet.gcks.admin.AdminClient;
import org.keyfleet.gcks.admin.AdminException;
import org.keyfleet.gcks.enrolment.EnrolmentException;
import org.keyfleet.gcks.policy.Settings;
import org.keyfleet.gcks.policy.SettingsException;
import org.keyfleet.gcks.policy.SettingsReader;
import org.keyfleet.gcks.server.StartException;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.transport.TransportException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Builds commands without annotations and turns their failures into one line and an exit code. */
final class Verbs {
  static final String CONFIG = "--config";
  static final String JSON = "--json";
  private static final String DEFAULT_CONFIG = "gcks.toml";

  /** The body of a command. */
  @FunctionalInterface
  interface Body {
    void run(CommandSpec spec)
        throws AdminException,
            SettingsException,
            StartException,
            StoreException,
            CustodyException,
            TransportException,
            EnrolmentException,
            InterruptedException;
  }

  private Verbs() {}

  /** A command that only has subcommands. */
  static CommandSpec group(String name, String summary, Terminal terminal) {
    CommandSpec[] self = new CommandSpec[1];
    CommandSpec spec =
        CommandSpec.wrapWithoutInspection(
            (Callable<Integer>)
                () -> {
                  self[0].commandLine().usage(terminal.err());
                  return ExitCode.USAGE.code();
                });
    self[0] = spec;
    return described(spec, name, summary);
  }

  static CommandSpec command(String name, String summary, Terminal terminal, Body body) {
    CommandSpec[] self = new CommandSpec[1];
    CommandSpec spec =
        CommandSpec.wrapWithoutInspection(
            (Callable<Integer>) () -> guarded(terminal, body, self[0]).code());
    self[0] = spec;
    return described(spec, name, summary);
  }

  /** A command that needs the configuration file. */
  static CommandSpec configured(String name, String summary, Terminal terminal, Body body) {
    return command(name, summary, terminal, body)
        .addOption(
            OptionSpec.builder("-c", CONFIG)
                .paramLabel("FILE")
                .type(Path.class)
                .defaultValue(DEFAULT_CONFIG)
                .description("configuration file, default " + DEFAULT_CONFIG)
                .build());
  }

  static OptionSpec flag(String name, String summary) {
    return OptionSpec.builder(name).type(boolean.class).description(summary).build();
  }

  static OptionSpec text(String name, String label, String summary) {
    return OptionSpec.builder(name)
        .type(String.class)
        .paramLabel(label)
        .description(summary)
        .build();
  }

  static PositionalParamSpec parameter(int index, String label, String summary) {
    return PositionalParamSpec.builder()
        .index(String.valueOf(index))
        .arity("1")
        .required(true)
        .type(String.class)
        .paramLabel(label)
        .description(summary)
        .build();
  }

  static String value(CommandSpec spec, String name) {
    String value = find(spec, name).getValue();
    return value == null ? "" : value;
  }

  static boolean isSet(CommandSpec spec, String flag) {
    Boolean value = find(spec, flag).getValue();
    return value != null && value;
  }

  static String parameter(CommandSpec spec, int index) {
    String value = spec.positionalParameters().get(index).getValue();
    return value == null ? "" : value;
  }

  static Settings settings(CommandSpec spec) throws SettingsException {
    Path file = find(spec, CONFIG).getValue();
    return SettingsReader.read(file == null ? Path.of(DEFAULT_CONFIG) : file);
  }

  /** Asks the running server. */
  static JsonObject call(CommandSpec spec, JsonObject request)
      throws AdminException, SettingsException {
    return AdminClient.call(settings(spec).server().adminSocket(), request);
  }

  static JsonObject request(String command) {
    JsonObject request = new JsonObject();
    request.put("command", command);
    return request;
  }

  static void printJson(Terminal terminal, JsonObject answer) {
    answer.remove("ok");
    terminal.out().println(JsonWriter.string(answer));
  }

  private static ExitCode guarded(Terminal terminal, Body body, CommandSpec spec) {
    try {
      body.run(spec);
      return ExitCode.DONE;
    } catch (AdminException e) {
      return failed(terminal, e, ExitCode.valueOf(e.kind().name()));
    } catch (SettingsException e) {
      return failed(terminal, e, ExitCode.USAGE);
    } catch (CustodyException e) {
      return failed(terminal, e, ExitCode.TOKEN);
    } catch (StartException | StoreException | EnrolmentException | TransportException e) {
      return failed(terminal, e, ExitCode.FAILED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed(terminal, e, ExitCode.FAILED);
    }
  }

  private static ExitCode failed(Terminal terminal, Exception e, ExitCode code) {
    String text = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    // custody puts a word for programs in front
    String word = e instanceof CustodyException custody ? custody.fault() + ": " : "";
    String plain = text.startsWith(word) ? text.substring(word.length()) : text;
    terminal.err().println("keyfleet-gcks: " + plain);
    return code;
  }

  private static ArgSpec find(CommandSpec spec, String option) {
    OptionSpec found = spec.findOption(option);
    if (found == null) {
      throw new IllegalArgumentException("no option " + option);
    }
    return found;
  }

  private static CommandSpec described(CommandSpec spec, String name, String summary) {
    spec.name(name);
    Map<String, String> codes = new LinkedHashMap<>();
    for (ExitCode exitCode : ExitCode.values()) {
      codes.put(String.valueOf(exitCode.code()), exitCode.meaning());
    }
    spec.usageMessage()
        .description(summary)
        .exitCodeListHeading("Exit codes:%n")
        .exitCodeList(codes);
    return spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .type(boolean.class)
            .description("show this help")
            .build());
  }
}
