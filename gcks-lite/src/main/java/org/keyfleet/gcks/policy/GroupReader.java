package org.keyfleet.gcks.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.keyfleet.protocol.keytree.TreeGkma;
import org.keyfleet.protocol.keytree.TreeShape;
import org.keyfleet.protocol.suite.KeyWrap;

/** Reads one {@code [[group]]} of gcks.toml. */
final class GroupReader {
  /** Names stand in MQTT topics and file names. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private static final int MAX_DATA_SAS = 8;

  /** An initiator keeps trying for about half a minute, so no batch waits longer. */
  private static final int MAX_INTERVAL_SECONDS = 30;

  private GroupReader() {}

  static GroupSettings read(StrictTable table, boolean mqtt) throws SettingsException {
    String name = table.needText("name");
    if (!NAME.matcher(name).matches()) {
      throw table.fault("name", "wants 1 to 64 letters, digits, '.', '_' or '-'");
    }
    StrictTable tree = table.table("tree");
    TreeGkma gkma = tree.choice("gkma", TreeGkma.class, TreeGkma.LKH);
    int degree = tree.integer("degree", 2, 16, gkma == TreeGkma.OFC ? 2 : 4);
    Duration heal = Duration.ofSeconds(tree.integer("heal-interval-seconds", 0, 31_536_000, 0));
    int capacity = tree.integer("capacity", 1, 16_000_000, 100_000);
    if (capacity > mostMembers(degree)) {
      throw tree.fault(
          "capacity",
          "is over the " + mostMembers(degree) + " that fit a tree of degree " + degree);
    }
    tree.done();
    StrictTable access = table.table("access");
    boolean backward = access.flag("backward", true);
    boolean forward = access.flag("forward", true);
    access.done();
    GroupSettings group =
        new GroupSettings(
            name,
            table.choice("custody", CustodyDemand.class, CustodyDemand.STANDARD),
            gkma,
            degree,
            heal,
            capacity,
            backward,
            forward,
            Duration.ofSeconds(table.integer("atd-seconds", 0, 65535, 0)),
            Duration.ofSeconds(table.integer("dtd-seconds", 0, 65535, 0)),
            table.integer("sender-id-bits", 1, 32, 16),
            table.integer("max-sender-ids", 1, 1024, 4),
            rekey(table.table("rekey"), mqtt),
            data(table),
            members(table.table("members")));
    if (group.gkma() != TreeGkma.LKH && group.rekey().keyWrap() == KeyWrap.KW_5649_192) {
      throw table.fault(
          "rekey",
          "key-wrap kw-5649-192 does not go with gkma ofc: keys are derived by whole blocks");
    }
    if (group.strict() && !group.rekey().multicast()) {
      throw table.fault("custody", "strict needs a Rekey SA: transports without inband");
    }
    if (group.maxSenderIds() > 1L << group.senderIdBits()) {
      throw table.fault(
          "max-sender-ids", "is over the Sender-IDs that sender-id-bits gives to all members");
    }
    table.done();
    return group;
  }

  private static long mostMembers(int degree) {
    long members = degree;
    while (members * degree <= TreeShape.MAX_LEAVES) {
      members *= degree;
    }
    return members;
  }

  private static RekeySettings rekey(StrictTable table, boolean mqtt) throws SettingsException {
    Set<RekeyTransport> transports = transports(table, mqtt);
    RekeySettings rekey =
        new RekeySettings(
            table.choice("mode", RekeyMode.class, RekeyMode.IMMEDIATE),
            Duration.ofSeconds(table.integer("interval-seconds", 1, MAX_INTERVAL_SECONDS, 2)),
            table.choice("suite", SaSuite.class, SaSuite.AES_256_GCM16),
            table.choice("key-wrap", KeyWrap.class, KeyWrap.KW_5649_256),
            table.choice(
                "authentication", RekeyAuthentication.class, RekeyAuthentication.DIGITAL_SIGNATURE),
            table.choice("signature-key", SignatureKey.class, SignatureKey.IDENTITY),
            Duration.ofSeconds(table.integer("lifetime-seconds", 10, 31_536_000, 86_400)),
            table.integer("extra-copies", 0, 10, 2),
            Duration.ofMillis(table.integer("copy-spacing-millis", 10, 5000, 500)),
            transports,
            Addresses.multicast(table));
    if (rekey.signatureKey() != SignatureKey.IDENTITY) {
      if (rekey.authentication() != RekeyAuthentication.DIGITAL_SIGNATURE) {
        throw table.fault("signature-key", "needs authentication digital-signature");
      }
      if (!rekey.multicast()) {
        throw table.fault("signature-key", "needs a Rekey SA: transports without inband");
      }
    }
    table.done();
    return rekey;
  }

  private static Set<RekeyTransport> transports(StrictTable table, boolean mqtt)
      throws SettingsException {
    Set<RekeyTransport> transports = EnumSet.noneOf(RekeyTransport.class);
    for (String name : table.texts("transports", List.of("multicast"))) {
      switch (name) {
        case "multicast" -> transports.add(RekeyTransport.MULTICAST);
        case "mqtt" -> transports.add(RekeyTransport.MQTT);
        case "inband" -> transports.add(RekeyTransport.INBAND);
        default -> throw table.fault("transports", "knows multicast, mqtt and inband");
      }
    }
    if (transports.isEmpty()) {
      throw table.fault("transports", "is empty");
    }
    if (transports.contains(RekeyTransport.INBAND) && transports.size() > 1) {
      throw table.fault("transports", "holds inband, which goes alone");
    }
    if (transports.contains(RekeyTransport.MQTT) && !mqtt) {
      throw table.fault("transports", "names mqtt, but there is no [mqtt]");
    }
    return transports;
  }

  private static List<DataSaSettings> data(StrictTable group) throws SettingsException {
    List<DataSaSettings> data = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (StrictTable table : group.tables("data")) {
      SaSuite suite = table.choice("suite", SaSuite.class, SaSuite.AES_128_GCM16);
      if (suite != SaSuite.AES_128_GCM16 && suite != SaSuite.AES_256_GCM16) {
        throw table.fault("suite", "of a data SA is aes-128-gcm16 or aes-256-gcm16");
      }
      data.add(
          new DataSaSettings(
              table.needText("name"),
              suite,
              Duration.ofSeconds(table.integer("lifetime-seconds", 10, 31_536_000, 28_800)),
              Addresses.multicast(table),
              table.flag("single-sender", false)));
      if (!names.add(data.get(data.size() - 1).name())) {
        throw table.fault("name", "is the name of two data SAs");
      }
      table.done();
    }
    if (data.isEmpty() || data.size() > MAX_DATA_SAS) {
      throw group.fault("data", "wants 1 to " + MAX_DATA_SAS + " tables [[group.data]]");
    }
    return data;
  }

  private static MemberRules members(StrictTable table) throws SettingsException {
    MemberRules members =
        new MemberRules(
            table.texts("certificate-names", List.of()),
            table.texts("psk-names", List.of()),
            table.texts("senders", List.of()),
            table.flag("listed-only", false));
    table.done();
    return members;
  }
}
