package org.keyfleet.protocol.gikev2;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.keyfleet.protocol.octets.Bytes;

/**
 * SPIs the GCKS promised for the next SAs (GSA_NEXT_SPI, RFC 9838 section 4.4.2.2.3). Traffic with
 * one of them before the SA is known hints at a lost rekey message, and the member "SHOULD
 * re-register". A hint only: anybody can send an SPI, and the GCKS may forget its promises.
 */
public record NextSpis(Set<GroupSaId> announced) {
  public static final NextSpis NONE = new NextSpis(Set.of());

  public NextSpis {
    announced = Set.copyOf(announced);
  }

  /** What {@code policy} announces; it replaces what older policies of the group announced. */
  public static NextSpis of(GroupPolicy policy) {
    Set<GroupSaId> ids = new HashSet<>();
    for (SaPolicy sa : policy.sas()) {
      for (Bytes spi : sa.attributes().nextSpis()) {
        ids.add(new GroupSaId(sa.id().protocol(), spi));
      }
    }
    return new NextSpis(ids);
  }

  /** Whether a message for {@code unknown}, which no SA has, shows that a rekey was lost. */
  public boolean hintAtLostRekey(GroupSaId unknown) {
    return announced.contains(unknown);
  }

  /** The announcements without the SAs that {@code policy} installs. */
  public NextSpis without(GroupPolicy policy) {
    List<GroupSaId> installed = new ArrayList<>();
    policy.sas().forEach(sa -> installed.add(sa.id()));
    Set<GroupSaId> left = new HashSet<>(announced);
    installed.forEach(left::remove);
    return new NextSpis(left);
  }
}
