package org.keyfleet.agent.token;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.PinFile;
import org.keyfleet.hsm.PinSource;
import org.keyfleet.hsm.TokenAdmin;

/**
 * Replaces a token's PIN, and the file it is in. The new PIN is on the disk before the token gets
 * it, so that a crash leaves a PIN file or its {@code .new} that works; {@link AgentToken#open}
 * tries both and puts that right.
 */
public final class PinChange {
  private final AgentToken token;
  private final SecureRandom random;

  public PinChange(AgentToken token, SecureRandom random) {
    this.token = token;
    this.random = random;
  }

  /**
   * Replaces the PIN.
   *
   * @param pad whether the token asks for both PINs itself
   */
  public void run(PinSource newPin, boolean pad) throws CustodyException, IOException {
    Optional<PinFile> file = token.pinFile();
    if (file.isPresent() && file.get().isPending()) {
      endEarlierOne(file.get());
    }
    char[] old = pad ? new char[0] : token.pin().pin();
    char[] fresh = new char[0];
    try {
      fresh = pad ? fresh : newPin.pin();
      if (!pad && Arrays.equals(old, fresh)) {
        throw new CustodyException(CustodyFault.PIN, "the new PIN is the old one: choose another");
      }
      change(file, old, fresh);
    } finally {
      Arrays.fill(old, '\0');
      Arrays.fill(fresh, '\0');
    }
  }

  private void change(Optional<PinFile> file, char[] old, char[] fresh)
      throws CustodyException, IOException {
    if (file.isPresent()) {
      file.get().stage(fresh);
    }
    try {
      TokenAdmin.changePin(token.config(), old, fresh, random);
    } catch (CustodyException e) {
      // any other fault may have come after the token took the new PIN: both files stay
      if (file.isPresent() && e.fault().isAboutPin()) {
        file.get().discard();
      }
      throw e;
    }
    if (file.isPresent()) {
      file.get().commit();
    }
  }

  /** Which of both PINs the token has, only the token knows. */
  private void endEarlierOne(PinFile file) throws CustodyException, IOException {
    token.open().close();
    file.discard(); // gone already if the new PIN was the right one
  }
}
