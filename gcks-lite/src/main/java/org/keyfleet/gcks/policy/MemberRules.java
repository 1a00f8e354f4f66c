package org.keyfleet.gcks.policy;

import java.util.List;

/**
 * Who may be a member and who may send. A pattern is an identity, or {@code *.domain} for every
 * name under the domain, or {@code *}.
 *
 * @param listedOnly whether an identity must also be on the list kept by {@code member add}
 */
public record MemberRules(
    List<String> certificateNames,
    List<String> pskNames,
    List<String> senders,
    boolean listedOnly) {
  public MemberRules {
    certificateNames = List.copyOf(certificateNames);
    pskNames = List.copyOf(pskNames);
    senders = List.copyOf(senders);
  }

  public boolean allowsCertificate(String identity) {
    return matchesAny(certificateNames, identity);
  }

  public boolean allowsPsk(String identity) {
    return matchesAny(pskNames, identity);
  }

  public boolean allowsSending(String identity) {
    return matchesAny(senders, identity);
  }

  private static boolean matchesAny(List<String> patterns, String identity) {
    return patterns.stream().anyMatch(pattern -> matches(pattern, identity));
  }

  private static boolean matches(String pattern, String identity) {
    if (pattern.equals("*")) {
      return true;
    }
    if (pattern.startsWith("*.")) {
      String suffix = pattern.substring(1);
      return identity.length() > suffix.length()
          && identity.regionMatches(
              true, identity.length() - suffix.length(), suffix, 0, suffix.length());
    }
    return pattern.equalsIgnoreCase(identity);
  }
}
