package org.keyfleet.hsm.pkcs11;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xipki.pkcs11.wrapper.PKCS11Module;

/**
 * Loads the wrapper's native half. It takes {@code libpkcs11wrapper.so} from {@code
 * java.library.path}, which is what a device image should offer; otherwise it unpacks it from its
 * jar. Left alone it would do so into the temporary directory of all users, and leave a file behind
 * with each kill, so it gets a directory of its own, which is gone as soon as the library is
 * mapped.
 */
final class NativeWrapper {
  private static final String TEMPORARY_DIRECTORY = "PKCS11_TEMP_DIR"; // the wrapper's own name

  private NativeWrapper() {}

  static PKCS11Module load(Path library) throws IOException {
    WrapperLog.install();
    if (System.getProperty(TEMPORARY_DIRECTORY) != null) {
      return PKCS11Module.getInstance(library.toString());
    }
    Path directory = Files.createTempDirectory("keyfleet"); // the owner's only
    System.setProperty(TEMPORARY_DIRECTORY, directory.toString());
    try {
      return PKCS11Module.getInstance(library.toString());
    } finally {
      System.clearProperty(TEMPORARY_DIRECTORY);
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (DirectoryStream<Path> unpacked = Files.newDirectoryStream(directory)) {
      for (Path file : unpacked) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
