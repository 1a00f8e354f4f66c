package org.keyfleet.transport.local;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;

/**
 * Admits the user this process runs as, and root. The kernel says who is at the other end
 * (SO_PEERCRED); principals of the default file system are equal when their numeric ids are.
 */
final class SameUser {
  private final UserPrincipal self;
  private final UserPrincipal root;

  private SameUser(UserPrincipal self, UserPrincipal root) {
    this.self = self;
    this.root = root;
  }

  /** The user who owns {@code ownFile}, which this process has just made. */
  static SameUser asOwnerOf(Path ownFile) throws IOException {
    return new SameUser(
        Files.getOwner(ownFile),
        FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("0"));
  }

  boolean admits(SocketChannel channel) throws IOException {
    UserPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
    return peer.equals(self) || peer.equals(root);
  }
}
