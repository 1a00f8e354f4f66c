package org.keyfleet.images;

import java.lang.invoke.LambdaMetafactory;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * What java.lang.invoke.LambdaMetafactory makes at run time: a class with a field for each captured
 * value and one method.
 */
final class LambdaClass {
  private static final String OBJECT = "java/lang/Object";
  private static final String ONLY = "ONLY";
  private static final String MAKE = "of";

  private final ClassNode node = new ClassNode();
  private final InvokeDynamicInsnNode site;
  private final Type[] captured;
  private final Type face;
  private final Handle code;
  private final Type instantiated;

  private LambdaClass(ClassNode owner, int number, InvokeDynamicInsnNode site) {
    this.site = site;
    captured = Type.getArgumentTypes(site.desc);
    face = Type.getReturnType(site.desc);
    code = (Handle) site.bsmArgs[1];
    instantiated = (Type) site.bsmArgs[2];
    node.version = owner.version;
    node.access = Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC;
    node.name = owner.name + "$$" + number;
    node.superName = OBJECT;
  }

  /** Null for a lambda that can be serialised. */
  static @Nullable LambdaClass of(ClassNode owner, int number, InvokeDynamicInsnNode site) {
    LambdaClass lambda = new LambdaClass(owner, number, site);
    Set<String> signatures = new LinkedHashSet<>();
    signatures.add(((Type) site.bsmArgs[0]).getDescriptor());
    lambda.node.interfaces.add(lambda.face.getInternalName());
    if (site.bsm.getName().equals("altMetafactory") && !lambda.extend(signatures)) {
      return null;
    }
    lambda.birth();
    signatures.forEach(lambda::method);
    return lambda;
  }

  /** Reads the further arguments of altMetafactory: flags, marker interfaces, bridges. */
  private boolean extend(Set<String> signatures) {
    int flags = (Integer) site.bsmArgs[3];
    if ((flags & LambdaMetafactory.FLAG_SERIALIZABLE) != 0) {
      return false;
    }
    int at = 4;
    if ((flags & LambdaMetafactory.FLAG_MARKERS) != 0) {
      int end = at + 1 + (Integer) site.bsmArgs[at];
      for (at++; at < end; at++) {
        node.interfaces.add(((Type) site.bsmArgs[at]).getInternalName());
      }
    }
    if ((flags & LambdaMetafactory.FLAG_BRIDGES) != 0) {
      int end = at + 1 + (Integer) site.bsmArgs[at];
      for (at++; at < end; at++) {
        signatures.add(((Type) site.bsmArgs[at]).getDescriptor());
      }
    }
    return true;
  }

  ClassNode node() {
    return node;
  }

  AbstractInsnNode call() {
    return captured.length == 0
        ? new FieldInsnNode(Opcodes.GETSTATIC, node.name, ONLY, face.getDescriptor())
        : new MethodInsnNode(Opcodes.INVOKESTATIC, node.name, MAKE, site.desc, false);
  }

  private void birth() {
    MethodVisitor init =
        node.visitMethod(
            Opcodes.ACC_PRIVATE,
            "<init>",
            Type.getMethodDescriptor(Type.VOID_TYPE, captured),
            null,
            null);
    init.visitVarInsn(Opcodes.ALOAD, 0);
    init.visitMethodInsn(Opcodes.INVOKESPECIAL, OBJECT, "<init>", "()V", false);
    int local = 1;
    for (int i = 0; i < captured.length; i++) {
      node.visitField(
          Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL,
          field(i),
          captured[i].getDescriptor(),
          null,
          null);
      init.visitVarInsn(Opcodes.ALOAD, 0);
      init.visitVarInsn(captured[i].getOpcode(Opcodes.ILOAD), local);
      init.visitFieldInsn(Opcodes.PUTFIELD, node.name, field(i), captured[i].getDescriptor());
      local += captured[i].getSize();
    }
    init.visitInsn(Opcodes.RETURN);
    if (captured.length == 0) {
      node.visitField(
          Opcodes.ACC_STATIC | Opcodes.ACC_FINAL, ONLY, face.getDescriptor(), null, null);
      MethodVisitor first = node.visitMethod(Opcodes.ACC_STATIC, "<clinit>", "()V", null, null);
      make(first);
      first.visitFieldInsn(Opcodes.PUTSTATIC, node.name, ONLY, face.getDescriptor());
      first.visitInsn(Opcodes.RETURN);
    } else {
      MethodVisitor of = node.visitMethod(Opcodes.ACC_STATIC, MAKE, site.desc, null, null);
      make(of);
      of.visitInsn(Opcodes.ARETURN);
    }
  }

  private void make(MethodVisitor in) {
    in.visitTypeInsn(Opcodes.NEW, node.name);
    in.visitInsn(Opcodes.DUP);
    int local = 0;
    for (Type type : captured) {
      in.visitVarInsn(type.getOpcode(Opcodes.ILOAD), local);
      local += type.getSize();
    }
    in.visitMethodInsn(
        Opcodes.INVOKESPECIAL,
        node.name,
        "<init>",
        Type.getMethodDescriptor(Type.VOID_TYPE, captured),
        false);
  }

  private void method(String descriptor) {
    MethodVisitor method = node.visitMethod(Opcodes.ACC_PUBLIC, site.name, descriptor, null, null);
    boolean constructs = code.getTag() == Opcodes.H_NEWINVOKESPECIAL;
    if (constructs) {
      method.visitTypeInsn(Opcodes.NEW, code.getOwner());
      method.visitInsn(Opcodes.DUP);
    }
    Type[] wanted = wanted();
    int next = 0;
    for (int i = 0; i < captured.length; i++) {
      method.visitVarInsn(Opcodes.ALOAD, 0);
      method.visitFieldInsn(Opcodes.GETFIELD, node.name, field(i), captured[i].getDescriptor());
      Conversion.of(method, captured[i], captured[i], wanted[next++]);
    }
    Type[] given = Type.getArgumentTypes(descriptor);
    Type[] narrowed = instantiated.getArgumentTypes();
    int local = 1;
    for (int i = 0; i < given.length; i++) {
      method.visitVarInsn(given[i].getOpcode(Opcodes.ILOAD), local);
      local += given[i].getSize();
      Conversion.of(method, given[i], narrowed[i], wanted[next++]);
    }
    invoke(method);
    Type result =
        constructs ? Type.getObjectType(code.getOwner()) : Type.getReturnType(code.getDesc());
    Type returned = Type.getReturnType(descriptor);
    if (returned.getSort() == Type.VOID) {
      if (result.getSize() > 0) {
        method.visitInsn(result.getSize() == 2 ? Opcodes.POP2 : Opcodes.POP);
      }
    } else {
      Conversion.of(method, result, instantiated.getReturnType(), returned);
    }
    method.visitInsn(returned.getOpcode(Opcodes.IRETURN));
  }

  /** The types that the code takes, its receiver among them. */
  private Type[] wanted() {
    Type[] parameters = Type.getArgumentTypes(code.getDesc());
    if (code.getTag() == Opcodes.H_INVOKESTATIC || code.getTag() == Opcodes.H_NEWINVOKESPECIAL) {
      return parameters;
    }
    Type[] all = new Type[parameters.length + 1];
    all[0] = Type.getObjectType(code.getOwner());
    System.arraycopy(parameters, 0, all, 1, parameters.length);
    return all;
  }

  private void invoke(MethodVisitor method) {
    int opcode =
        switch (code.getTag()) {
          case Opcodes.H_INVOKESTATIC -> Opcodes.INVOKESTATIC;
          case Opcodes.H_NEWINVOKESPECIAL -> Opcodes.INVOKESPECIAL;
          // a private method of the nest: JVMS 6.5, invokevirtual and invokeinterface select it as
          // it is
          case Opcodes.H_INVOKEVIRTUAL, Opcodes.H_INVOKESPECIAL, Opcodes.H_INVOKEINTERFACE ->
              code.isInterface() ? Opcodes.INVOKEINTERFACE : Opcodes.INVOKEVIRTUAL;
          default -> throw new IllegalArgumentException("method handle " + code);
        };
    method.visitMethodInsn(
        opcode, code.getOwner(), code.getName(), code.getDesc(), code.isInterface());
  }

  private static String field(int index) {
    return "c" + index;
  }
}
