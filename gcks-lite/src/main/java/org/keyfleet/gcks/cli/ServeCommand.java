package org.keyfleet.gcks.cli;

import org.keyfleet.gcks.admin.AdminCommands;
import org.keyfleet.gcks.enrolment.EnrolmentException;
import org.keyfleet.gcks.policy.Settings;
import org.keyfleet.gcks.policy.SettingsException;
import org.keyfleet.gcks.server.Daemon;
import org.keyfleet.gcks.server.StartException;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.transport.TransportException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code serve}: runs the server in the foreground until SIGTERM or SIGINT. */
final class ServeCommand {
  private static final String RESTORED = "--restored";
  private static final long CLOSE_MILLIS = 5_000;

  private ServeCommand() {}

  static CommandSpec spec(Terminal terminal) {
    return Verbs.configured(
            "serve",
            "Runs the key server in the foreground.",
            terminal,
            spec -> serve(spec, terminal))
        .addOption(
            Verbs.flag(
                RESTORED, "the store was restored from a backup: let all members register anew"));
  }

  private static void serve(CommandSpec spec, Terminal terminal)
      throws SettingsException,
          StartException,
          StoreException,
          CustodyException,
          TransportException,
          EnrolmentException,
          InterruptedException {
    Settings settings = Verbs.settings(spec);
    try (Daemon daemon =
        Daemon.start(settings, Verbs.isSet(spec, RESTORED), terminal.random(), terminal.clock())) {
      AdminCommands commands = new AdminCommands(daemon.server());
      daemon.serveCommands(settings.server().adminSocket(), commands::answer);
      Thread self = Thread.currentThread();
      Thread hook =
          new Thread(
              () -> {
                daemon.stop();
                try {
                  self.join(CLOSE_MILLIS);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              },
              "keyfleet-gcks-stop");
      Runtime.getRuntime().addShutdownHook(hook);
      terminal
          .out()
          .println(
              "keyfleet-gcks: "
                  + settings.server().identity()
                  + " serves "
                  + settings.groups().size()
                  + " group(s); commands on "
                  + settings.server().adminSocket());
      daemon.run();
    }
  }
}
