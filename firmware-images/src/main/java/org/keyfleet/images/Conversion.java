package org.keyfleet.images;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The conversions that LambdaMetafactory allows between an interface's types and those of the code
 * behind it (its javadoc, "adaptation").
 */
final class Conversion {
  private static final String OBJECT = "java/lang/Object";

  private Conversion() {}

  /**
   * What is on the stack as {@code from} becomes {@code to}.
   *
   * @param known what it is known to be: a subtype of {@code from}, or the same
   */
  static void of(MethodVisitor in, Type from, Type known, Type to) {
    if (primitive(from)) {
      if (primitive(to)) {
        widen(in, from, to);
      } else {
        String wrapper = RecordMethods.wrapper(from);
        in.visitMethodInsn(
            Opcodes.INVOKESTATIC, wrapper, "valueOf", "(" + from + ")L" + wrapper + ";", false);
      }
    } else if (primitive(to)) {
      Type unboxed = unboxed(known, to);
      String wrapper = RecordMethods.wrapper(unboxed);
      cast(in, from, Type.getObjectType(wrapper));
      in.visitMethodInsn(
          Opcodes.INVOKEVIRTUAL, wrapper, unboxed.getClassName() + "Value", "()" + unboxed, false);
      widen(in, unboxed, to);
    } else {
      cast(in, from, to);
    }
  }

  private static void cast(MethodVisitor in, Type from, Type to) {
    if (!to.equals(from) && !to.getInternalName().equals(OBJECT)) {
      in.visitTypeInsn(Opcodes.CHECKCAST, to.getInternalName());
    }
  }

  private static Type unboxed(Type known, Type to) {
    for (Type primitive :
        new Type[] {
          Type.BOOLEAN_TYPE,
          Type.CHAR_TYPE,
          Type.BYTE_TYPE,
          Type.SHORT_TYPE,
          Type.INT_TYPE,
          Type.LONG_TYPE,
          Type.FLOAT_TYPE,
          Type.DOUBLE_TYPE
        }) {
      if (known.getInternalName().equals(RecordMethods.wrapper(primitive))) {
        return primitive;
      }
    }
    return to;
  }

  private static void widen(MethodVisitor in, Type from, Type to) {
    if (from.equals(to)) {
      return;
    }
    int opcode =
        switch (from.getDescriptor() + to.getDescriptor()) {
          case "IJ", "SJ", "BJ", "CJ" -> Opcodes.I2L;
          case "IF", "SF", "BF", "CF" -> Opcodes.I2F;
          case "ID", "SD", "BD", "CD" -> Opcodes.I2D;
          case "JF" -> Opcodes.L2F;
          case "JD" -> Opcodes.L2D;
          case "FD" -> Opcodes.F2D;
          case "BS", "BI", "SI", "CI" -> Opcodes.NOP;
          default -> throw new IllegalArgumentException(from + " to " + to);
        };
    if (opcode != Opcodes.NOP) {
      in.visitInsn(opcode);
    }
  }

  private static boolean primitive(Type type) {
    return type.getSort() < Type.ARRAY;
  }
}
