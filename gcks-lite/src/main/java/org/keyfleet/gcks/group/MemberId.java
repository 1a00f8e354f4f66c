package org.keyfleet.gcks.group;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.keyfleet.protocol.ike.IdPayload;
import org.keyfleet.protocol.ike.IdType;

/**
 * A member's identity as the operator writes it: a domain name, a mail address, or {@code
 * keyid:TEXT}. The three never look alike, so the text alone is the identity.
 */
public record MemberId(String text) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}");
  private static final Pattern MAIL =
      Pattern.compile("[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9._-]{1,253}");
  private static final Pattern KEY_ID = Pattern.compile("[\\x21-\\x7e]{1,200}");
  private static final String KEY_ID_PREFIX = "keyid:";

  public MemberId {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("empty identity");
    }
  }

  /** The identity in an ID payload; empty when its type or its characters are not allowed here. */
  public static Optional<MemberId> of(IdPayload id) {
    String text = id.data().utf8();
    if (id.is(IdType.ID_FQDN) && NAME.matcher(text).matches()) {
      return Optional.of(new MemberId(text.toLowerCase(Locale.ROOT)));
    }
    if (id.is(IdType.ID_RFC822_ADDR) && MAIL.matcher(text).matches()) {
      return Optional.of(new MemberId(text.toLowerCase(Locale.ROOT)));
    }
    if (id.is(IdType.ID_KEY_ID) && KEY_ID.matcher(text).matches()) {
      return Optional.of(new MemberId(KEY_ID_PREFIX + text));
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
