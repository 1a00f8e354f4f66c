package org.keyfleet.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Rewritten classes do what they did before, and without invokedynamic. */
class PlainCallsTest {
  private static final String PACKAGE = "org/keyfleet/images";

  @TempDir Path folder = Path.of("");

  @BeforeEach
  void copySamples() throws Exception {
    Path compiled =
        Path.of(Samples.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path to = Files.createDirectories(folder.resolve(PACKAGE));
    try (Stream<Path> files = Files.list(compiled.resolve(PACKAGE))) {
      for (Path file : files.filter(path -> path.toString().contains("Samples")).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  @Test
  void doTheSameAsBefore() throws Exception {
    int sites = PlainCalls.rewrite(folder);
    assertTrue(sites > 40, () -> sites + " call sites");
    assertEquals(new Samples().call(), rewrittenCall());
  }

  @Test
  void onlySerialisableLambdasStay() throws Exception {
    PlainCalls.rewrite(folder);
    List<String> left = new ArrayList<>();
    for (ClassNode node : classes()) {
      for (MethodNode method : node.methods) {
        for (AbstractInsnNode instruction : method.instructions) {
          if (instruction instanceof InvokeDynamicInsnNode site) {
            left.add(site.bsm.getName());
          }
        }
      }
    }
    assertEquals(List.of("altMetafactory", "altMetafactory"), left);
  }

  @Test
  void rewritingTwiceChangesNothing() throws Exception {
    PlainCalls.rewrite(folder);
    assertEquals(0, PlainCalls.rewrite(folder));
    assertEquals(new Samples().call(), rewrittenCall());
  }

  /** Calls the rewritten class; the virtual machine verifies it first. */
  private Object rewrittenCall() throws Exception {
    URL[] path = {folder.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
      Class<?> type = loader.loadClass("org.keyfleet.images.Samples");
      return ((Callable<?>) type.getConstructor().newInstance()).call();
    }
  }

  private List<ClassNode> classes() throws IOException {
    List<ClassNode> nodes = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.resolve(PACKAGE))) {
      for (Path file : files.toList()) {
        ClassNode node = new ClassNode();
        new ClassReader(Files.readAllBytes(file)).accept(node, 0);
        nodes.add(node);
      }
    }
    return nodes;
  }
}
