package org.keyfleet.protocol.ike;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The payloads of one message in their order. */
public record PayloadList(List<Payload> all) implements Iterable<Payload> {
  public PayloadList {
    all = List.copyOf(all);
  }

  /** The first payload of a kind. */
  public <T extends Payload> Optional<T> find(Class<T> kind) {
    return all.stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }

  /** Every payload of a kind. */
  public <T extends Payload> List<T> every(Class<T> kind) {
    return all.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The identity of the initiator, the responder or the group. */
  public Optional<IdPayload> id(IdPayload.Kind kind) {
    return every(IdPayload.class).stream().filter(id -> id.kind() == kind).findFirst();
  }

  /** The first notify of a type. */
  public Optional<NotifyPayload> notify(NotifyType type) {
    return every(NotifyPayload.class).stream().filter(notify -> notify.is(type)).findFirst();
  }

  public boolean hasNotify(NotifyType type) {
    return notify(type).isPresent();
  }

  /** The first notify that reports an error, known or not. */
  public Optional<NotifyPayload> error() {
    return every(NotifyPayload.class).stream().filter(NotifyPayload::isError).findFirst();
  }

  public int count(int typeCode) {
    return (int) all.stream().filter(payload -> payload.typeCode() == typeCode).count();
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  @Override
  public Iterator<Payload> iterator() {
    return all.iterator();
  }
}
