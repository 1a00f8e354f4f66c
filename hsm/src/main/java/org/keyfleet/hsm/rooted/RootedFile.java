package org.keyfleet.hsm.rooted;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.pkcs11.Pkcs11Custody;
import org.keyfleet.hsm.soft.SoftCustody;
import org.keyfleet.hsm.soft.StoreSeal;

/**
 * The key file and the root key that opens it: both there, or neither yet. One without the other is
 * a loss that a person has to see, and no reason to begin anew. A mark beside the file, made before
 * the root key and gone after the file, tells a loss from a first start that was cut off.
 */
final class RootedFile {
  private final Path file;
  private final SecureRandom random;

  RootedFile(Path file, SecureRandom random) {
    this.file = file.toAbsolutePath();
    this.random = random;
  }

  /** The seal of the file, which is made if this is the first time. */
  StoreSeal seal(Pkcs11Custody token) throws CustodyException {
    Optional<StoreSeal> root = token.root(random);
    boolean exists = Files.exists(file);
    if (exists && root.isEmpty()) {
      throw gone(
          "key file "
              + file
              + " is of another token, this one has no root key: move it away to begin anew");
    }
    if (!exists && root.isPresent() && !Files.exists(mark())) {
      throw gone(
          "no key file "
              + file
              + ", which this token opens: put it back; if it is lost for good, create "
              + mark()
              + " to begin with an empty one");
    }
    if (exists) {
      return root.orElseThrow();
    }
    createMark();
    StoreSeal seal = root.isPresent() ? root.get() : token.makeRoot(random);
    SoftCustody.create(file, seal, random);
    deleteMark();
    return seal;
  }

  private Path mark() {
    return file.resolveSibling(file.getFileName() + ".begun");
  }

  private void createMark() throws CustodyException {
    try {
      Files.createDirectories(file.resolveSibling(""));
      Files.createFile(mark());
    } catch (FileAlreadyExistsException e) {
      return; // an earlier try
    } catch (IOException e) {
      throw new CustodyException(
          CustodyFault.TOKEN_GONE, "cannot make a key file " + file + ": " + e, e);
    }
  }

  private void deleteMark() throws CustodyException {
    try {
      Files.delete(mark());
    } catch (IOException e) {
      throw new CustodyException(CustodyFault.TOKEN_GONE, "cannot delete " + mark() + ": " + e, e);
    }
  }

  private static CustodyException gone(String text) {
    return new CustodyException(CustodyFault.TOKEN_GONE, text);
  }
}
