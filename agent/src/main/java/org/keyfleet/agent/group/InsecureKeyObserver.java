package org.keyfleet.agent.group;

import org.keyfleet.agent.registration.IkeSa;
import org.keyfleet.protocol.gikev2.DataSaPolicy;
import org.keyfleet.protocol.gikev2.RekeySaKeys;
import org.keyfleet.protocol.gikev2.RekeySaPolicy;
import org.keyfleet.protocol.secret.SecretBytes;

/**
 * Is shown every key that reaches host memory, for a debugging export that the operator asked for.
 * What is shown stays its owner's.
 */
public interface InsecureKeyObserver {
  /** Sees nothing: the default. */
  InsecureKeyObserver NONE =
      new InsecureKeyObserver() {
        @Override
        public void ikeSa(IkeSa sa) {}

        @Override
        public void rekeySa(RekeySaPolicy policy, RekeySaKeys keys) {}

        @Override
        public void dataSa(DataSaPolicy policy, SecretBytes keyingMaterial) {}
      };

  void ikeSa(IkeSa sa);

  void rekeySa(RekeySaPolicy policy, RekeySaKeys keys);

  void dataSa(DataSaPolicy policy, SecretBytes keyingMaterial);
}
