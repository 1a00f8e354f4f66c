package org.keyfleet.gcks.group;

/** How large a group's datagrams may be now (RFC 9838 section 2.4.1.2). */
@FunctionalInterface
public interface FragmentLimit {
  /** Octets of a datagram above which a message goes in fragments. */
  int maxDatagramOctets();
}
