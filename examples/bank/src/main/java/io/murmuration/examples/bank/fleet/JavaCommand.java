package io.murmuration.examples.bank.fleet;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a node's JVM is started.
 *
 * @param classPath the class path
 * @param options options of the JVM
 * @param main the main class, with the command and its options behind it
 */
public record JavaCommand(String classPath, List<String> options, List<String> main) {
    /** Small and quick to start: five of them share a machine here. */
    private static final List<String> OPTIONS =
            List.of("-Xmx256m", "-Xss512k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");

    /**
     * A JVM as this one, with its class path.
     *
     * @param main the main class, with the command behind it
     * @return the command
     */
    public static JavaCommand likeThisOne(String... main) {
        return new JavaCommand(System.getProperty("java.class.path", ""), OPTIONS, List.of(main));
    }

    /**
     * The same with another class path.
     *
     * @param other the class path
     * @return the command
     */
    public JavaCommand withClassPath(String other) {
        return new JavaCommand(other, options, main);
    }

    List<String> with(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(classPath);
        command.addAll(main);
        command.addAll(arguments);
        return command;
    }
}
