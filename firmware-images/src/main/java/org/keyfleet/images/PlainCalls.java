package org.keyfleet.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Rewrites a folder of class files so that nothing in it needs {@code invokedynamic}: lambdas
 * become classes, the methods of records become code. What a virtual machine would spin at each
 * start, and keep in memory outside the class-data archive, is then in the archive.
 */
public final class PlainCalls {
  private final Map<String, ClassNode> classes = new TreeMap<>();

  /** How many lambdas of a class have become classes. */
  private final Map<String, Integer> numbers = new HashMap<>();

  private PlainCalls() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("usage: PlainCalls FOLDER");
    }
    int sites = rewrite(Path.of(arguments[0]));
    System.out.println("plain calls: " + sites + " call sites rewritten");
  }

  /**
   * Rewrites every class in the folder that is of Java 11 or later.
   *
   * @return how many call sites it replaced
   */
  static int rewrite(Path folder) throws IOException {
    PlainCalls all = new PlainCalls();
    all.read(folder);
    int sites = all.rewrite();
    all.write(folder);
    return sites;
  }

  private void read(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file :
          (Iterable<Path>) files.filter(path -> path.toString().endsWith(".class"))::iterator) {
        ClassNode node = new ClassNode();
        new ClassReader(Files.readAllBytes(file)).accept(node, 0);
        classes.put(node.name, node);
      }
    }
  }

  private int rewrite() {
    int sites = 0;
    for (ClassNode owner : List.copyOf(classes.values())) {
      // nests, by which a lambda's class reaches private methods, came with Java 11 (JVMS 4.7.28)
      if ((owner.version & 0xffff) < Opcodes.V11) {
        continue;
      }
      for (MethodNode method : List.copyOf(owner.methods)) {
        for (AbstractInsnNode instruction : method.instructions.toArray()) {
          if (instruction instanceof InvokeDynamicInsnNode site && replace(owner, method, site)) {
            sites++;
          }
        }
      }
    }
    return sites;
  }

  private boolean replace(ClassNode owner, MethodNode method, InvokeDynamicInsnNode site) {
    switch (site.bsm.getOwner()) {
      case "java/lang/runtime/ObjectMethods" -> {
        method.instructions.set(site, RecordMethods.call(owner, site));
        return true;
      }
      case "java/lang/invoke/LambdaMetafactory" -> {
        LambdaClass lambda = LambdaClass.of(owner, numbers.getOrDefault(owner.name, 0), site);
        if (lambda == null) {
          return false;
        }
        method.instructions.set(site, lambda.call());
        numbers.merge(owner.name, 1, Integer::sum);
        join(owner, lambda.node());
        return true;
      }
      default -> {
        return false;
      }
    }
  }

  /** Makes it a member of the owner's nest. */
  private void join(ClassNode owner, ClassNode lambda) {
    ClassNode host = owner.nestHostClass == null ? owner : host(owner.nestHostClass);
    if (host.nestMembers == null) {
      host.nestMembers = new ArrayList<>();
    }
    host.nestMembers.add(lambda.name);
    lambda.nestHostClass = host.name;
    classes.put(lambda.name, lambda);
  }

  private ClassNode host(String name) {
    return Objects.requireNonNull(classes.get(name), () -> name + " is missing");
  }

  private void write(Path folder) throws IOException {
    for (ClassNode node : classes.values()) {
      ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
      node.accept(writer);
      Files.write(folder.resolve(node.name + ".class"), writer.toByteArray());
    }
  }
}
