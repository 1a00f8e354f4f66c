package org.keyfleet.gcks.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.nio.file.Path;
import java.util.Optional;
import org.keyfleet.gcks.admin.AdminException;
import org.keyfleet.gcks.enrolment.DeviceRequest;
import org.keyfleet.gcks.enrolment.EnrolmentException;
import org.keyfleet.gcks.enrolment.PemFile;
import org.keyfleet.gcks.enrolment.SmallCa;
import org.keyfleet.gcks.policy.CaSettings;
import org.keyfleet.gcks.policy.Settings;
import org.keyfleet.gcks.policy.SettingsException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code member list, add, remove, enroll} and {@code evict}. */
final class MemberCommands {
  private static final String URGENT = "--urgent";
  private static final String CSR = "--csr";
  private static final String OUT = "--out";
  private static final String IDENTITY = "--identity";

  private MemberCommands() {}

  static CommandSpec spec(Terminal terminal) {
    CommandSpec member = Verbs.group("member", "Members of a group.", terminal);
    member.addSubcommand("list", list(terminal));
    member.addSubcommand(
        "add",
        named(
            "add",
            "member-add",
            "Lets an identity join: puts it on the list, lifts a block.",
            terminal));
    member.addSubcommand(
        "remove",
        named(
            "remove",
            "member-remove",
            "Takes a member out at once and blocks it until it is added again.",
            terminal));
    member.addSubcommand("enroll", enroll(terminal));
    return member;
  }

  static CommandSpec evict(Terminal terminal) {
    return Verbs.configured(
            "evict",
            "Takes a member out and blocks it; in interval mode with the next batch.",
            terminal,
            spec -> {
              JsonObject request = request(spec, "evict");
              request.put("urgent", Verbs.isSet(spec, URGENT));
              requireMember(spec, Verbs.call(spec, request));
            })
        .addOption(Verbs.flag(URGENT, "at once, also in interval mode"))
        .addPositional(Verbs.parameter(0, "GROUP", "name of the group"))
        .addPositional(Verbs.parameter(1, "MEMBER", "identity of the member"));
  }

  private static CommandSpec named(String name, String command, String summary, Terminal terminal) {
    return Verbs.configured(
            name,
            summary,
            terminal,
            spec -> {
              JsonObject answer = Verbs.call(spec, request(spec, command));
              if (command.equals("member-remove")) {
                requireMember(spec, answer);
              }
            })
        .addPositional(Verbs.parameter(0, "GROUP", "name of the group"))
        .addPositional(Verbs.parameter(1, "MEMBER", "identity of the member"));
  }

  private static void requireMember(CommandSpec spec, JsonObject answer) throws AdminException {
    if (!answer.getBoolean("member")) {
      throw new AdminException(
          AdminException.Kind.FAILED,
          Verbs.parameter(spec, 1) + " was no member; it is blocked now");
    }
  }

  private static JsonObject request(CommandSpec spec, String command) {
    JsonObject request = Verbs.request(command);
    request.put("group", Verbs.parameter(spec, 0));
    request.put("member", Verbs.parameter(spec, 1));
    return request;
  }

  private static CommandSpec list(Terminal terminal) {
    return Verbs.configured(
            "list",
            "Lists the registered members, and who is listed or blocked.",
            terminal,
            spec -> {
              JsonObject all = members(spec);
              if (Verbs.isSet(spec, Verbs.JSON)) {
                Verbs.printJson(terminal, all);
                return;
              }
              for (Object each : all.getArray("members")) {
                JsonObject row = (JsonObject) each;
                terminal
                    .out()
                    .printf(
                        "%s %s %s%s%n",
                        row.getString("id"),
                        row.getString("authentication"),
                        row.getString("transport"),
                        row.getBoolean("sender") ? " sender" : "");
              }
              all.getArray("listed").forEach(id -> terminal.out().println(id + " listed"));
              all.getArray("blocked").forEach(id -> terminal.out().println(id + " blocked"));
            })
        .addOption(Verbs.flag(Verbs.JSON, "as JSON"))
        .addPositional(Verbs.parameter(0, "GROUP", "name of the group"));
  }

  /** Collects the pages. */
  private static JsonObject members(CommandSpec spec) throws AdminException, SettingsException {
    JsonObject all = new JsonObject();
    JsonArray members = new JsonArray();
    int from = 0;
    do {
      JsonObject request = Verbs.request("members");
      request.put("group", Verbs.parameter(spec, 0));
      request.put("from", from);
      JsonObject page = Verbs.call(spec, request);
      if (from == 0) {
        all.put("listed", page.getArray("listed"));
        all.put("blocked", page.getArray("blocked"));
      }
      members.addAll(page.getArray("members"));
      from = page.getInt("next");
    } while (from != 0);
    all.put("members", members);
    return all;
  }

  private static CommandSpec enroll(Terminal terminal) {
    return Verbs.configured(
            "enroll",
            "Issues a certificate for a device's request (PKCS#10, PEM).",
            terminal,
            spec -> enroll(spec, terminal))
        .addOption(Verbs.text(CSR, "FILE", "the device's request"))
        .addOption(Verbs.text(OUT, "FILE", "where the certificate goes"))
        .addOption(Verbs.text(IDENTITY, "NAME", "certify this name, not the request's"));
  }

  private static void enroll(CommandSpec spec, Terminal terminal)
      throws SettingsException, EnrolmentException {
    Settings settings = Verbs.settings(spec);
    if (settings.ca().isEmpty()) {
      throw new SettingsException(settings.file() + ": there is no [ca] to issue certificates");
    }
    String csr = Verbs.value(spec, CSR);
    String out = Verbs.value(spec, OUT);
    if (csr.isEmpty() || out.isEmpty()) {
      throw new SettingsException("enroll wants --csr FILE and --out FILE");
    }
    CaSettings ca = settings.ca().get();
    String identity = Verbs.value(spec, IDENTITY);
    DeviceRequest request =
        DeviceRequest.verify(
            PemFile.read(Path.of(csr), "CERTIFICATE REQUEST"),
            identity.isEmpty() ? Optional.empty() : Optional.of(identity));
    SmallCa issuer = SmallCa.load(ca.certificate(), ca.key(), terminal.random());
    PemFile.write(
        Path.of(out),
        "CERTIFICATE",
        issuer.issue(
            request.identity(), request.spki(), terminal.clock().instant(), ca.validity()));
    terminal.out().println(request.identity() + " is certified: " + out);
  }
}
