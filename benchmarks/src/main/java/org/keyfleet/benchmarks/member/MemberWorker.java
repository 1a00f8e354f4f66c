package org.keyfleet.benchmarks.member;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.keyfleet.benchmarks.Bench;
import org.keyfleet.benchmarks.custody.BackEnd;
import org.keyfleet.benchmarks.custody.WorkerProcess;
import org.keyfleet.benchmarks.footprint.Folder;
import org.keyfleet.gcks.group.FullGroup;
import org.keyfleet.gcks.policy.SignatureKey;
import org.keyfleet.gcks.store.RekeyMessageRow;
import org.keyfleet.hsm.KeyCustody;
import org.keyfleet.protocol.keytree.LeafIndex;
import org.keyfleet.protocol.keytree.TreeGkma;
import org.keyfleet.protocol.keytree.TreeShape;
import org.keyfleet.protocol.octets.Bytes;
import org.keyfleet.protocol.suite.KeyWrap;

/**
 * Measures one back end in its own process: a member whose neighbour's leaf is renewed, so that all
 * keys above it are new.
 */
final class MemberWorker {
  private static final KeyWrap WRAP = KeyWrap.KW_5649_128;

  private final KeyCustody device;
  private final KeyCustody server;
  private final Path work;
  private final int rounds;

  private MemberWorker(KeyCustody device, KeyCustody server, Path work, int rounds) {
    this.device = device;
    this.server = server;
    this.work = work;
    this.rounds = rounds;
  }

  /** BACK-END WORK MEMORY-FOLDER ROUNDS HEIGHT... */
  public static void main(String[] arguments) throws Exception {
    Path work = Path.of(arguments[1]);
    SecureRandom random = new SecureRandom();
    Path serverFolder = Files.createDirectories(work.resolve("server"));
    try (KeyCustody device = BackEnd.named(arguments[0]).opened(work, random);
        KeyCustody server = BackEnd.named("soft").opened(serverFolder, random)) {
      MemberWorker worker = new MemberWorker(device, server, work, Integer.parseInt(arguments[3]));
      JsonArray rows = new JsonArray();
      for (String height : Arrays.asList(arguments).subList(4, arguments.length)) {
        for (TreeGkma gkma : TreeGkma.values()) {
          if (gkma == TreeGkma.LKH || device.capabilities().chains()) {
            rows.add(worker.row(gkma, Integer.parseInt(height), Path.of(arguments[2])));
          }
        }
      }
      JsonObject result = new JsonObject();
      result.put("rows", rows);
      Files.writeString(work.resolve(WorkerProcess.RESULT), JsonWriter.string(result));
    }
  }

  private JsonObject row(TreeGkma gkma, int height, Path memory) throws Exception {
    TreeShape shape = TreeShape.holding(2, 1 << height);
    LeafIndex leaf = new LeafIndex(shape.leaves() / 3);
    try (FullGroup group =
        FullGroup.of(
            gkma,
            shape,
            WRAP,
            SignatureKey.IDENTITY,
            server,
            Files.createTempDirectory(work, "store"))) {
      CountingToken counting = new CountingToken(device);
      List<Bytes> messages;
      TokenWork perRekey;
      try (Device member = new Device(group, leaf, WRAP, counting.custody(), work.resolve("c"))) {
        member.follow(group.heal(leaf));
        counting.reset();
        List<RekeyMessageRow> rekey = group.heal(leaf);
        member.follow(rekey);
        perRekey = counting.work();
        messages = rekey.stream().flatMap(message -> message.datagrams().stream()).toList();
      }
      JsonObject row = new JsonObject();
      row.put("method", gkma.name());
      row.put("members", shape.leaves());
      row.put("token", perRekey.toJson());
      double[][] micros = measure(group, leaf, memory, perRekey, messages);
      row.put("memberMicros", Bench.median(micros[0]));
      row.put("memberOnDiskMicros", Bench.median(micros[1]));
      row.put("floorMicros", Bench.median(micros[2]));
      return row;
    }
  }

  /** Journal in memory, journal on the disk, floor: each has its turn in each round. */
  private double[][] measure(
      FullGroup group, LeafIndex leaf, Path memory, TokenWork perRekey, List<Bytes> messages)
      throws Exception {
    double[][] micros = new double[3][rounds];
    Path inMemory = Files.createTempDirectory(memory, "keyfleet-member");
    try (Device first = new Device(group, leaf, WRAP, device, inMemory);
        Device second = new Device(group, leaf, WRAP, device, work.resolve("d"));
        Floor floor = new Floor(device, perRekey, WRAP, messages)) {
      for (int round = -rounds; round < rounds; round++) {
        List<RekeyMessageRow> rekey = group.heal(leaf);
        int at = Math.max(0, round);
        micros[0][at] = first.follow(rekey) / 1e3;
        micros[1][at] = second.follow(rekey) / 1e3;
        micros[2][at] = floor.once() / 1e3;
      }
    } finally {
      Folder.delete(inMemory);
    }
    return micros;
  }
}
