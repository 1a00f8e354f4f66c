package org.keyfleet.agent.registration;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.keyfleet.agent.registration.RegistrationState.Failure;
import org.keyfleet.agent.registration.RegistrationState.Idle;

/** Where the registration stands, and what the event at hand asks of the world. */
final class Progress {
  private static final Logger LOG = System.getLogger(RegistrationMachine.class.getName());

  private RegistrationState state = new Idle();
  private final List<RegistrationAction> actions = new ArrayList<>();

  RegistrationState state() {
    return state;
  }

  void add(RegistrationAction action) {
    actions.add(action);
  }

  /** What was added since the last call, in order. */
  List<RegistrationAction> take() {
    List<RegistrationAction> taken = List.copyOf(actions);
    actions.clear();
    return taken;
  }

  /** The one place where the state changes. */
  void to(RegistrationState next, String why) {
    LOG.log(
        Level.DEBUG,
        state.getClass().getSimpleName() + " -> " + next.getClass().getSimpleName() + ": " + why);
    state = next;
  }

  /** Wipes the keys; nothing is said to anybody. */
  void end(String why) {
    state.wipe();
    to(new Idle(), why);
  }

  void fail(Failure failure) {
    end(failure.reason() + ": " + failure.text());
    add(new RegistrationAction.Failed(failure.reason(), failure.text()));
  }
}
