package org.keyfleet.gcks.group;

import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.secret.SecretBytes;
import org.keyfleet.protocol.suite.KeyWrap;

/**
 * The default key wrap key of one SA (RFC 9838 section 3.1.1).
 *
 * @param gskW belongs to the SA, which closes it
 */
public record DefaultKwk(KeyWrap algorithm, SecretBytes gskW) {
  Bytes wrap(SecretBytes key) {
    return algorithm.wrap(gskW, key);
  }
}
