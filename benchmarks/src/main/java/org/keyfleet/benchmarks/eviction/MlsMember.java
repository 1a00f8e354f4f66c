package org.keyfleet.benchmarks.eviction;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.mls.TreeKEM.LeafNode;
import org.bouncycastle.mls.TreeKEM.LifeTime;
import org.bouncycastle.mls.codec.Capabilities;
import org.bouncycastle.mls.codec.Credential;
import org.bouncycastle.mls.codec.KeyPackage;
import org.bouncycastle.mls.codec.Welcome;
import org.bouncycastle.mls.crypto.MlsCipherSuite;
import org.bouncycastle.mls.protocol.Group;

/** Who joins a group of MLS: a KeyPackage (RFC 9420 section 10) and its private keys. */
record MlsMember(
    AsymmetricCipherKeyPair initKeys,
    AsymmetricCipherKeyPair leafKeys,
    AsymmetricCipherKeyPair signatureKeys,
    KeyPackage keyPackage) {
  /** Strength and signatures as in the groups beside it; SHA-256. */
  static final MlsCipherSuite SUITE = MlsCipherSuite.BCMLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

  static final int HASH_OCTETS = 32;

  /** A new member whose basic credential is its number: 4 octets. */
  static MlsMember create(int number) throws Exception {
    AsymmetricCipherKeyPair initKeys = SUITE.getHPKE().generatePrivateKey();
    AsymmetricCipherKeyPair leafKeys = SUITE.getHPKE().generatePrivateKey();
    AsymmetricCipherKeyPair signatureKeys = SUITE.generateSignatureKeyPair();
    byte[] signer = SUITE.serializeSignaturePrivateKey(signatureKeys.getPrivate());
    LeafNode leaf =
        new LeafNode(
            SUITE,
            SUITE.getHPKE().serializePublicKey(leafKeys.getPublic()),
            SUITE.serializeSignaturePublicKey(signatureKeys.getPublic()),
            Credential.forBasic(ByteBuffer.allocate(4).putInt(number).array()),
            new Capabilities(),
            new LifeTime(),
            new ArrayList<>(),
            signer);
    KeyPackage keyPackage =
        new KeyPackage(
            SUITE,
            SUITE.getHPKE().serializePublicKey(initKeys.getPublic()),
            leaf,
            new ArrayList<>(),
            signer);
    return new MlsMember(initKeys, leafKeys, signatureKeys, keyPackage);
  }

  Group createGroup(byte[] groupId) throws Exception {
    return new Group(
        groupId, SUITE, leafKeys, signer(), keyPackage.getLeafNode(), new ArrayList<>());
  }

  Group join(Welcome welcome) throws Exception {
    return new Group(
        SUITE.getHPKE().serializePrivateKey(initKeys.getPrivate()),
        leafKeys,
        signer(),
        keyPackage,
        welcome,
        null,
        new HashMap<>(),
        new HashMap<>());
  }

  private byte[] signer() {
    return SUITE.serializeSignaturePrivateKey(signatureKeys.getPrivate());
  }

  @Override
  public String toString() {
    return "MlsMember";
  }
}
