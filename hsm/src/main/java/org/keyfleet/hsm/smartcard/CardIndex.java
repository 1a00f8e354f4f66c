package org.keyfleet.hsm.smartcard;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.keyfleet.hsm.CustodyException;
import org.keyfleet.hsm.CustodyFault;
import org.keyfleet.hsm.KeyLifetime;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.protocol.octets.Bytes;

/**
 * Which key is in which slot. The card keeps the names of persistent keys; those of session keys
 * are here.
 */
final class CardIndex {
  private static final int SESSION_BASE = 0x20;
  private static final int IDENTITY_BASE = 0x60;

  /** Makes references of the incarnation that the index belongs to, each of them another one. */
  interface KeyMaker {
    CardKey key(KeyName name, KeyRole role, KeyLifetime lifetime, int slot);
  }

  private final CardSession session;
  private final CardInfo info;
  private final KeyMaker maker;
  private final Map<KeyName, CardKey> keys = new HashMap<>();

  /** Also slots of keys whose names are not ours. */
  private final BitSet taken = new BitSet();

  CardIndex(CardSession session, CardInfo info, KeyMaker maker) {
    this.session = session;
    this.info = info;
    this.maker = maker;
  }

  /** Reads what the card holds. */
  void load() throws CustodyException {
    Bytes roles = session.ask("list its keys", Ins.LIST, 0, 0);
    if (roles.size() != info.persistent() + info.session() + info.identities()) {
      throw new CustodyException(
          CustodyFault.INTERNAL, "the card lists " + roles.size() + " slots");
    }
    int identities = info.persistent() + info.session();
    for (int i = 0; i < info.persistent(); i++) {
      load(i, roles.at(i));
    }
    for (int i = 0; i < info.session(); i++) {
      taken.set(SESSION_BASE + i, roles.at(info.persistent() + i) != 0);
    }
    for (int i = 0; i < info.identities(); i++) {
      load(IDENTITY_BASE + i, roles.at(identities + i));
    }
  }

  private void load(int slot, int role) throws CustodyException {
    if (role == 0) {
      return;
    }
    taken.set(slot);
    Bytes described = session.ask("describe a key", Ins.DESCRIBE, slot, 0);
    Optional<KeyRole> known = CardRole.of(described.at(0));
    Optional<KeyName> name = CardName.decode(described.slice(2, described.size()));
    if (known.isPresent() && name.isPresent()) {
      add(maker.key(name.get(), known.get(), KeyLifetime.PERSISTENT, slot));
    }
  }

  Optional<CardKey> find(KeyName name) {
    return Optional.ofNullable(keys.get(name));
  }

  List<CardKey> keys() {
    return List.copyOf(keys.values());
  }

  /** A key of a new name for a free slot, which it does not take yet. */
  CardKey fresh(KeyName name, KeyRole role, KeyLifetime lifetime) throws CustodyException {
    return maker.key(name, role, lifetime, slotFor(name, role, lifetime));
  }

  private int slotFor(KeyName name, KeyRole role, KeyLifetime lifetime) throws CustodyException {
    if (keys.containsKey(name)) {
      throw new CustodyException(CustodyFault.EXISTS, "the card has a key " + name);
    }
    if (role == KeyRole.IDENTITY) {
      return free(IDENTITY_BASE, info.identities(), "identities");
    }
    return lifetime == KeyLifetime.PERSISTENT
        ? free(0, info.persistent(), "persistent keys")
        : free(SESSION_BASE, info.session(), "session keys");
  }

  private int free(int base, int count, String what) throws CustodyException {
    int slot = taken.nextClearBit(base);
    if (slot >= base + count) {
      throw new CustodyException(
          CustodyFault.TOKEN_FULL, "the card is full: it holds " + count + " " + what);
    }
    return slot;
  }

  CardKey add(CardKey key) {
    keys.put(key.name(), key);
    taken.set(key.slot());
    return key;
  }

  void remove(CardKey key) {
    keys.remove(key.name());
    taken.clear(key.slot());
  }

  /** The slots of persistent keys that are not named, also of those whose names are not ours. */
  List<Integer> unnamed(Set<KeyName> named) {
    List<Integer> slots = new ArrayList<>();
    taken.stream().filter(slot -> slot < SESSION_BASE || slot >= IDENTITY_BASE).forEach(slots::add);
    for (CardKey key : keys.values()) {
      if (named.contains(key.name())) {
        slots.remove(Integer.valueOf(key.slot()));
      }
    }
    return slots;
  }

  void removeSlot(int slot) {
    keys.values().removeIf(key -> key.slot() == slot);
    taken.clear(slot);
  }
}
