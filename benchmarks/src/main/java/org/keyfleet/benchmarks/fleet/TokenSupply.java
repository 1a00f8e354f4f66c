package org.keyfleet.benchmarks.fleet;

import java.io.IOException;
import java.nio.file.Path;

/** Makes tokens for devices, and runs what they need beside them. */
interface TokenSupply extends AutoCloseable {
  String PIN = "keyfleet-demo-pin";

  /** How many devices a fleet has at most. */
  int MOST_DEVICES = 8;

  /**
   * A supply of one kind.
   *
   * @param directory absolute; gets what the tokens share
   */
  static TokenSupply of(TokenKind kind, Path directory) throws IOException {
    return switch (kind) {
      case SOFTHSM -> new SoftHsmSupply();
      case TPM -> TpmSupply.start(directory);
      case OPENCRYPTOKI -> OpenCryptokiSupply.start(directory);
      case CARD -> new CardSupply(directory);
      case SOFT -> new KeyFileSupply();
    };
  }

  /**
   * A token that {@code keyfleet-agent init} can use.
   *
   * @param directory the device's
   */
  DeviceToken token(String device, Path directory) throws IOException;

  @Override
  void close() throws IOException;
}
