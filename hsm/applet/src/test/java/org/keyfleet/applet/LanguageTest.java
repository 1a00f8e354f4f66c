package org.keyfleet.applet;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The applet keeps to the language of Java Card 3.0.5 classic (Virtual Machine specification
 * section 2.2) where a simulator would not notice.
 */
class LanguageTest {
  private static final Set<Class<?>> TYPES =
      Set.of(
          byte.class,
          short.class,
          boolean.class,
          void.class,
          byte[].class,
          short[].class,
          boolean[].class);
  private static final int JAVA_8 = 52;

  @Test
  void noTypesThatCardsLack() throws Exception {
    for (Class<?> type : classes()) {
      for (Field field : type.getDeclaredFields()) {
        assertTrue(isKnown(field.getType()), field.toString());
      }
      List<Executable> members = new ArrayList<>(Arrays.asList(type.getDeclaredMethods()));
      members.addAll(Arrays.asList(type.getDeclaredConstructors()));
      for (Executable member : members) {
        for (Class<?> parameter : member.getParameterTypes()) {
          assertTrue(isKnown(parameter), member.toString());
        }
        assertTrue(!Modifier.isSynchronized(member.getModifiers()), member.toString());
      }
      assertTrue(!type.isEnum() && !type.isAnnotation() && !type.isRecord(), type.getName());
    }
  }

  @Test
  void classFilesAreOfJava8() throws Exception {
    for (Class<?> type : classes()) {
      String file = type.getSimpleName() + ".class";
      try (InputStream in = type.getResourceAsStream(file);
          DataInputStream data = new DataInputStream(in)) {
        data.readInt();
        data.readUnsignedShort();
        assertTrue(data.readUnsignedShort() <= JAVA_8, file);
      }
    }
  }

  private static boolean isKnown(Class<?> type) {
    Class<?> element = type.isArray() ? type.getComponentType() : type;
    return TYPES.contains(type)
        || element.getName().startsWith("javacard")
        || element.getPackageName().equals("org.keyfleet.applet");
  }

  private static List<Class<?>> classes()
      throws IOException, URISyntaxException, ClassNotFoundException {
    Path directory =
        Path.of(KeyfleetApplet.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve("org/keyfleet/applet");
    List<Class<?>> classes = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".class") && !name.contains("package-info")) {
          classes.add(Class.forName("org.keyfleet.applet." + name.replace(".class", "")));
        }
      }
    }
    assertTrue(classes.size() > 10);
    return classes;
  }
}
