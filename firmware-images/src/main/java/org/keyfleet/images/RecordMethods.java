package org.keyfleet.images;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InnerClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * What java.lang.runtime.ObjectMethods makes at run time for equals, hashCode and toString of a
 * record.
 */
final class RecordMethods {
  private static final String OBJECTS = "java/util/Objects";
  private static final String BUILDER = "java/lang/StringBuilder";

  private final ClassNode owner;
  private final List<Handle> components = new ArrayList<>();
  private final MethodNode method;

  private RecordMethods(ClassNode owner, InvokeDynamicInsnNode site) {
    this.owner = owner;
    for (int i = 2; i < site.bsmArgs.length; i++) {
      components.add((Handle) site.bsmArgs[i]);
    }
    method =
        new MethodNode(
            Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
            "record$" + site.name,
            site.desc,
            null,
            null);
  }

  /** Adds the method to its class, and gives the call of it. */
  static MethodInsnNode call(ClassNode owner, InvokeDynamicInsnNode site) {
    RecordMethods record = new RecordMethods(owner, site);
    switch (site.name) {
      case "equals" -> record.equal();
      case "hashCode" -> record.hash();
      case "toString" -> record.text();
      default -> throw new IllegalArgumentException(owner.name + "." + site.name);
    }
    owner.methods.add(record.method);
    return new MethodInsnNode(
        Opcodes.INVOKESTATIC, owner.name, record.method.name, site.desc, false);
  }

  private void equal() {
    Label ours = new Label();
    Label differ = new Label();
    method.visitVarInsn(Opcodes.ALOAD, 1);
    method.visitTypeInsn(Opcodes.INSTANCEOF, owner.name);
    method.visitJumpInsn(Opcodes.IFNE, ours);
    method.visitInsn(Opcodes.ICONST_0);
    method.visitInsn(Opcodes.IRETURN);
    method.visitLabel(ours);
    method.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    method.visitVarInsn(Opcodes.ALOAD, 1);
    method.visitTypeInsn(Opcodes.CHECKCAST, owner.name);
    method.visitVarInsn(Opcodes.ASTORE, 2);
    for (Handle component : components) {
      load(0, component);
      load(2, component);
      Type type = Type.getType(component.getDesc());
      switch (type.getSort()) {
        case Type.OBJECT, Type.ARRAY -> {
          invoke(OBJECTS, "equals", "(Ljava/lang/Object;Ljava/lang/Object;)Z");
          method.visitJumpInsn(Opcodes.IFEQ, differ);
        }
        case Type.LONG, Type.FLOAT, Type.DOUBLE -> {
          invoke(wrapper(type), "compare", "(" + type + type + ")I");
          method.visitJumpInsn(Opcodes.IFNE, differ);
        }
        default -> method.visitJumpInsn(Opcodes.IF_ICMPNE, differ);
      }
    }
    method.visitInsn(Opcodes.ICONST_1);
    method.visitInsn(Opcodes.IRETURN);
    if (!components.isEmpty()) {
      method.visitLabel(differ);
      method.visitFrame(Opcodes.F_APPEND, 1, new Object[] {owner.name}, 0, null);
      method.visitInsn(Opcodes.ICONST_0);
      method.visitInsn(Opcodes.IRETURN);
    }
  }

  private void hash() {
    method.visitInsn(Opcodes.ICONST_0);
    for (Handle component : components) {
      method.visitIntInsn(Opcodes.BIPUSH, 31);
      method.visitInsn(Opcodes.IMUL);
      load(0, component);
      Type type = Type.getType(component.getDesc());
      if (type.getSort() == Type.OBJECT || type.getSort() == Type.ARRAY) {
        invoke(OBJECTS, "hashCode", "(Ljava/lang/Object;)I");
      } else {
        invoke(wrapper(type), "hashCode", "(" + type + ")I");
      }
      method.visitInsn(Opcodes.IADD);
    }
    method.visitInsn(Opcodes.IRETURN);
  }

  private void text() {
    method.visitTypeInsn(Opcodes.NEW, BUILDER);
    method.visitInsn(Opcodes.DUP);
    method.visitMethodInsn(Opcodes.INVOKESPECIAL, BUILDER, "<init>", "()V", false);
    String before = simpleName() + "[";
    for (Handle component : components) {
      append(before + component.getName() + "=");
      load(0, component);
      Type type = Type.getType(component.getDesc());
      boolean reference = type.getSort() == Type.OBJECT || type.getSort() == Type.ARRAY;
      invoke(
          "java/lang/String",
          "valueOf",
          "(" + (reference ? "Ljava/lang/Object;" : widened(type)) + ")Ljava/lang/String;");
      method.visitMethodInsn(
          Opcodes.INVOKEVIRTUAL, BUILDER, "append", "(Ljava/lang/String;)L" + BUILDER + ";", false);
      before = ", ";
    }
    append(components.isEmpty() ? before + "]" : "]");
    method.visitMethodInsn(
        Opcodes.INVOKEVIRTUAL, BUILDER, "toString", "()Ljava/lang/String;", false);
    method.visitInsn(Opcodes.ARETURN);
  }

  private void append(String text) {
    method.visitLdcInsn(text);
    method.visitMethodInsn(
        Opcodes.INVOKEVIRTUAL, BUILDER, "append", "(Ljava/lang/String;)L" + BUILDER + ";", false);
  }

  private void load(int local, Handle component) {
    method.visitVarInsn(Opcodes.ALOAD, local);
    method.visitFieldInsn(
        Opcodes.GETFIELD, component.getOwner(), component.getName(), component.getDesc());
  }

  private void invoke(String type, String name, String descriptor) {
    method.visitMethodInsn(Opcodes.INVOKESTATIC, type, name, descriptor, false);
  }

  private String simpleName() {
    for (InnerClassNode inner : owner.innerClasses) {
      if (inner.name.equals(owner.name) && inner.innerName != null) {
        return inner.innerName;
      }
    }
    return owner.name.substring(owner.name.lastIndexOf('/') + 1);
  }

  /** String.valueOf has no method for bytes and shorts. */
  private static String widened(Type type) {
    return type.getSort() == Type.BYTE || type.getSort() == Type.SHORT ? "I" : type.getDescriptor();
  }

  static String wrapper(Type type) {
    return switch (type.getSort()) {
      case Type.BOOLEAN -> "java/lang/Boolean";
      case Type.CHAR -> "java/lang/Character";
      case Type.BYTE -> "java/lang/Byte";
      case Type.SHORT -> "java/lang/Short";
      case Type.INT -> "java/lang/Integer";
      case Type.LONG -> "java/lang/Long";
      case Type.FLOAT -> "java/lang/Float";
      case Type.DOUBLE -> "java/lang/Double";
      default -> throw new IllegalArgumentException("no primitive type: " + type);
    };
  }
}
