package org.keyfleet.agent.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.keyfleet.hsm.CustodyLevel;
import org.keyfleet.hsm.KeyRole;
import org.keyfleet.hsm.TokenDescription;
import org.keyfleet.hsm.TokenFlag;

/**
 * All that is known of a token, and what follows from it.
 *
 * @param report what was measured, and the keys
 * @param description empty if the running agent was asked
 * @param certificate whether the identity has one in the token; empty likewise
 */
record TokenFindings(
    JsonObject report,
    Optional<TokenDescription> description,
    List<GroupDemand> demands,
    Optional<Boolean> certificate) {
  TokenFindings {
    demands = List.copyOf(demands);
  }

  CustodyLevel level() {
    return CustodyLevel.valueOf(report.getString("level", CustodyLevel.HOST.name()));
  }

  /** What to change so that every group works; empty if there is nothing. */
  List<String> changes() {
    List<String> changes = new ArrayList<>();
    for (GroupDemand demand : demands) {
      ofGroup(demand, changes);
    }
    if (!hasIdentity()) {
      changes.add(
          "there is no identity key: token csr makes it and the request for its certificate");
    } else if (certificate.isPresent() && !certificate.get()) {
      changes.add("the identity key has no certificate beside it: token import-cert");
    }
    description.ifPresent(token -> ofPin(token, changes));
    return changes;
  }

  private void ofGroup(GroupDemand demand, List<String> changes) {
    if (!level().meets(demand.level())) {
      changes.add(
          "group "
              + demand.group()
              + (level() == CustodyLevel.HOST
                  ? " needs a token: a PKCS#11 token that unwraps AES keys (RFC 5649) inside"
                  : " needs a token that unwraps AES keys (RFC 5649) inside; this one does not")
              + ", or a policy of custody standard");
    } else if (demand.level() == CustodyLevel.IN_TOKEN && refuses("agree")) {
      changes.add(
          "group "
              + demand.group()
              + " agrees on its root key: the token must do"
              + " CKM_ECDH1_DERIVE with CKD_NULL");
    }
    if (demand.contradicted()) {
      changes.add(
          "group "
              + demand.group()
              + " is standard and will be refused: have its policy changed, or delete"
              + " require-strict-custody");
    }
  }

  private static void ofPin(TokenDescription token, List<String> changes) {
    if (token.is(TokenFlag.PIN_TO_BE_CHANGED)) {
      changes.add("the PIN is a first one or has expired: token change-pin");
    }
  }

  private boolean refuses(String note) {
    String found = report.getObject("notes", new JsonObject()).getString(note);
    return found != null && !found.equals("right");
  }

  private boolean hasIdentity() {
    JsonArray keys = report.getArray("keys", new JsonArray());
    for (int i = 0; i < keys.size(); i++) {
      if (keys.getObject(i).getString("role", "").equals(KeyRole.IDENTITY.name())) {
        return true;
      }
    }
    return false;
  }
}
