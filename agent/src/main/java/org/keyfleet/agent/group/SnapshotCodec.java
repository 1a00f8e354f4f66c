package org.keyfleet.agent.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.keyfleet.agent.data.ReplayMark;
import org.keyfleet.agent.group.GroupSnapshot.DataSaEntry;
import org.keyfleet.agent.group.GroupSnapshot.RekeySaEntry;
import org.keyfleet.agent.group.GroupSnapshot.Timing;
import org.keyfleet.hsm.KeyName;
import org.keyfleet.protocol.gikev2.DataSaPolicy;
import org.keyfleet.protocol.gikev2.GroupPolicy;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.gikev2.SenderId;
import org.keyfleet.protocol.gikev2.WorkingKeyPath;
import org.keyfleet.protocol.gikev2.WrappedKey;
import org.keyfleet.protocol.ike.GsaPayload;
import org.keyfleet.protocol.octets.ByteReader;
import org.keyfleet.protocol.octets.ByteWriter;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.octets.MalformedMessageException;

/**
 * {@link GroupSnapshot} in octets: one version octet, then the fields in their order, numbers
 * big-endian, lists and octet strings behind a 16-bit count. Policies stand as GSA payload bodies.
 */
final class SnapshotCodec {
  private static final int VERSION = 3;
  private static final int NO_SENDER_ID_BITS = 0;

  private SnapshotCodec() {}

  static Bytes encode(GroupSnapshot snapshot) {
    ByteWriter out = new ByteWriter();
    out.u8(VERSION).u64(snapshot.writtenMillis());
    out.u64(snapshot.registeredMillis()).u64(snapshot.rekeysApplied());
    flag(out, snapshot.tree().strict());
    out.u8(snapshot.tree().chainOctets());
    out.u16(snapshot.timing().activationSeconds()).u16(snapshot.timing().deactivationSeconds());
    out.u8(snapshot.senderIdBits().orElse(NO_SENDER_ID_BITS));
    out.u16(snapshot.senderIds().size());
    for (SenderId id : snapshot.senderIds()) {
      out.u32(id.value());
    }
    encodeBook(out, snapshot.book());
    encodeRekeySa(out, snapshot.rekeySa());
    out.u16(snapshot.dataSas().size());
    for (DataSaEntry sa : snapshot.dataSas()) {
      encodeDataSa(out, sa);
    }
    return out.toBytes();
  }

  static GroupSnapshot decode(Bytes octets) throws MalformedMessageException {
    ByteReader in = octets.reader();
    int version = in.u8("snapshot version");
    if (version != VERSION) {
      throw new MalformedMessageException("snapshot version: " + version);
    }
    try {
      long written = in.u64("written");
      long registered = in.u64("registered");
      long rekeys = in.u64("rekeys");
      TreePolicy tree = new TreePolicy(flag(in), in.u8("chain octets"));
      Timing timing = new Timing(in.u16("ATD"), in.u16("DTD"));
      int bits = in.u8("Sender-ID bits");
      List<SenderId> senderIds = new ArrayList<>();
      for (int left = in.u16("Sender-IDs"); left > 0; left--) {
        senderIds.add(new SenderId(in.u32("Sender-ID")));
      }
      KeyPathBook book = decodeBook(in);
      RekeySaEntry rekeySa = decodeRekeySa(in);
      List<DataSaEntry> dataSas = new ArrayList<>();
      for (int left = in.u16("data SAs"); left > 0; left--) {
        dataSas.add(decodeDataSa(in));
      }
      in.expectEnd("snapshot");
      return new GroupSnapshot(
          written,
          registered,
          rekeys,
          tree,
          timing,
          senderIds,
          bits == NO_SENDER_ID_BITS ? OptionalInt.empty() : OptionalInt.of(bits),
          book,
          rekeySa,
          dataSas);
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("snapshot: a field is out of its range");
    }
  }

  private static void encodeBook(ByteWriter out, KeyPathBook book) {
    out.u16(book.path().keyIds().size());
    for (long keyId : book.path().keyIds()) {
      out.u32(keyId);
    }
    name(out, book.root());
    flag(out, book.releasingRoot().isPresent());
    if (book.releasingRoot().isPresent()) {
      name(out, book.releasingRoot().get());
    }
    wraps(out, book.wraps());
  }

  private static KeyPathBook decodeBook(ByteReader in) throws MalformedMessageException {
    List<Long> ids = new ArrayList<>();
    for (int left = in.u16("key path"); left > 0; left--) {
      ids.add(in.u32("Key ID"));
    }
    KeyName root = name(in);
    Optional<KeyName> releasing = flag(in) ? Optional.of(name(in)) : Optional.empty();
    return new KeyPathBook(new WorkingKeyPath(ids), root, releasing, wraps(in));
  }

  private static void encodeRekeySa(ByteWriter out, RekeySaEntry sa) {
    policy(out, new GroupPolicy(Optional.of(sa.policy()), List.of(), Optional.empty()));
    octets(out, sa.authKey().orElse(Bytes.EMPTY));
    out.u64(sa.nextMessageId()).u64(sa.expiresMillis());
    wraps(out, sa.keymat());
  }

  private static RekeySaEntry decodeRekeySa(ByteReader in) throws MalformedMessageException {
    Optional<RekeySaPolicy> policy = policy(in).rekeySa();
    if (policy.isEmpty()) {
      throw new MalformedMessageException("snapshot: no Rekey SA");
    }
    Bytes authKey = octets(in, "AUTH_KEY");
    return new RekeySaEntry(
        policy.get(),
        authKey.isEmpty() ? Optional.empty() : Optional.of(authKey),
        in.u64("next Message ID"),
        in.u64("expiry"),
        wraps(in));
  }

  private static void encodeDataSa(ByteWriter out, DataSaEntry sa) {
    policy(out, new GroupPolicy(Optional.empty(), List.of(sa.policy()), Optional.empty()));
    flag(out, sa.tunnel());
    flag(out, sa.sender());
    flag(out, sa.retiring());
    out.u64(sa.firstFreeCounter()).u64(sa.endMillis());
    octets(out, sa.wrappedKeymat());
    marks(out, sa.received());
  }

  private static DataSaEntry decodeDataSa(ByteReader in) throws MalformedMessageException {
    List<DataSaPolicy> policies = policy(in).dataSas();
    if (policies.size() != 1) {
      throw new MalformedMessageException("snapshot: " + policies.size() + " data SAs in one");
    }
    boolean tunnel = flag(in);
    boolean sender = flag(in);
    boolean retiring = flag(in);
    long firstFree = in.u64("counter");
    long end = in.u64("end");
    Bytes keymat = octets(in, "keymat");
    return new DataSaEntry(
        policies.get(0), tunnel, sender, firstFree, marks(in), end, retiring, keymat);
  }

  /** Replay marks: Sender-ID as it stands in the IV, first number that can be new. */
  static void marks(ByteWriter out, List<ReplayMark> marks) {
    out.u16(marks.size());
    for (ReplayMark mark : marks) {
      out.u32(mark.sender()).u64(mark.below());
    }
  }

  static List<ReplayMark> marks(ByteReader in) throws MalformedMessageException {
    List<ReplayMark> marks = new ArrayList<>();
    for (int left = in.u16("replay marks"); left > 0; left--) {
      long sender = in.u32("sender");
      long below = in.u64("replay mark");
      if (below < 1 || below > ReplayMark.MAX_BELOW) {
        throw new MalformedMessageException("replay mark: " + below);
      }
      marks.add(new ReplayMark(sender, below));
    }
    return marks;
  }

  private static void policy(ByteWriter out, GroupPolicy policy) {
    octets(out, policy.toPayload().body());
  }

  private static GroupPolicy policy(ByteReader in) throws MalformedMessageException {
    return GroupPolicy.of(new GsaPayload(octets(in, "policy")));
  }

  private static void wraps(ByteWriter out, List<WrappedKey> wraps) {
    out.u16(wraps.size());
    for (WrappedKey wrap : wraps) {
      out.u32(wrap.keyId()).u32(wrap.kwkId());
      octets(out, wrap.encryptedKey());
    }
  }

  private static List<WrappedKey> wraps(ByteReader in) throws MalformedMessageException {
    List<WrappedKey> wraps = new ArrayList<>();
    for (int left = in.u16("wraps"); left > 0; left--) {
      wraps.add(new WrappedKey(in.u32("Key ID"), in.u32("KWK ID"), octets(in, "Encrypted Key")));
    }
    return wraps;
  }

  private static void name(ByteWriter out, KeyName name) {
    octets(out, Bytes.ofUtf8(name.label()));
    octets(out, name.id());
  }

  private static KeyName name(ByteReader in) throws MalformedMessageException {
    return new KeyName(octets(in, "key label").utf8(), octets(in, "key id"));
  }

  private static void octets(ByteWriter out, Bytes octets) {
    out.u16(octets.size()).bytes(octets);
  }

  private static Bytes octets(ByteReader in, String field) throws MalformedMessageException {
    return in.take(in.u16(field), field);
  }

  private static void flag(ByteWriter out, boolean flag) {
    out.u8(flag ? 1 : 0);
  }

  private static boolean flag(ByteReader in) throws MalformedMessageException {
    int value = in.u8("flag");
    if (value > 1) {
      throw new MalformedMessageException("flag: " + value);
    }
    return value == 1;
  }
}
