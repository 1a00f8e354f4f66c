package org.keyfleet.gcks.admin;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import org.keyfleet.gcks.group.GroupStatus;
import org.keyfleet.gcks.server.KeyServer;
import org.keyfleet.gcks.server.RegistrationLink;
import org.keyfleet.gcks.server.RekeyRoute;
import org.keyfleet.gcks.store.DataSaRow;
import org.keyfleet.gcks.store.RekeySaRow;
import org.keyfleet.gcks.store.StoreException;
import org.keyfleet.transport.Link;

/** The server as {@code status --json} shows it. */
final class StatusReport {
  private StatusReport() {}

  static JsonObject of(KeyServer server) throws StoreException {
    JsonObject report = new JsonObject();
    report.put("identity", server.parts().credentials().identity().data().utf8());
    JsonObject custody = new JsonObject();
    custody.put("level", server.parts().custody().capabilities().level().toString());
    custody.put("state", server.parts().custody().alive() ? "up" : "lost");
    report.put("custody", custody);
    report.put("ikeSas", server.responder().ikeSas());
    report.put("halfOpen", server.responder().halfOpen());
    report.put("dropped", server.responder().dropped());
    JsonArray links = new JsonArray();
    for (RegistrationLink link : server.parts().links()) {
      links.add(link(link.link(), "registration"));
    }
    server.parts().routes().values().stream()
        .flatMap(java.util.List::stream)
        .map(RekeyRoute::link)
        .distinct()
        .forEach(link -> links.add(link(link, "rekey")));
    report.put("links", links);
    report.put("groups", groups(server));
    return report;
  }

  static JsonArray groups(KeyServer server) throws StoreException {
    JsonArray groups = new JsonArray();
    for (GroupStatus status : server.groupStatus()) {
      groups.add(group(status, server));
    }
    return groups;
  }

  private static JsonObject group(GroupStatus status, KeyServer server) {
    long now = server.parts().clock().millis();
    JsonObject group = new JsonObject();
    group.put("name", status.name());
    group.put("members", status.members());
    group.put("epoch", status.counters().epoch());
    group.put("pendingJoins", status.pendingJoins());
    group.put("pendingLeaves", status.pendingLeaves());
    if (status.rekeySa().isPresent()) {
      RekeySaRow sa = status.rekeySa().get();
      JsonObject rekey = new JsonObject();
      rekey.put("spi", sa.spi().hex());
      rekey.put("nextMessageId", sa.nextMessageId());
      rekey.put("expiresInSeconds", (sa.expiresMillis() - now) / 1000);
      group.put("rekeySa", rekey);
    }
    JsonArray data = new JsonArray();
    for (DataSaRow sa : status.dataSas()) {
      JsonObject row = new JsonObject();
      row.put("name", sa.name());
      row.put("spi", String.format("%08x", sa.spi()));
      row.put("expiresInSeconds", (sa.expiresMillis() - now) / 1000);
      data.add(row);
    }
    group.put("dataSas", data);
    return group;
  }

  private static JsonObject link(Link link, String use) {
    JsonObject row = new JsonObject();
    row.put("name", link.name());
    row.put("use", use);
    row.put("state", link.state().condition().toString());
    row.put("detail", link.state().detail());
    return row;
  }
}
