package io.murmuration.testkit.mutants;

import io.murmuration.core.log.ReplicatedLog;
import io.murmuration.testkit.sim.SimulatedCluster;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * The cores and the simulator with some sources changed: compiled aside in memory, and loaded by a class loader of
 * their own that asks itself first. Nothing of it touches what was built.
 */
final class PatchedCode {
    static final Path MODULES = modules();
    private static final String MAIN = "src/main/java/io/murmuration";
    private static final Path TESTS = MODULES.resolve("framework").resolve("src/test/java");
    private static final List<String> OWN = List.of(
            "io.murmuration.core.",
            "io.murmuration.testkit.sim.",
            SimulatorTrial.class.getName(),
            Chain.class.getName());

    private final Map<String, byte[]> changed;
    private final Loader loader;

    PatchedCode(List<Patch> patches, @Nullable String unitTest) {
        List<JavaFileObject> sources = new ArrayList<>();
        patched(patches).forEach((file, text) -> sources.add(new Source(file, text)));
        if (unitTest != null) {
            sources.add(new Source(test(unitTest), read(test(unitTest))));
        }
        this.changed = sources.isEmpty() ? Map.of() : compile(sources);
        this.loader = new Loader(changed);
    }

    /** The files that are changed, and what stands in them then. */
    static Map<Path, String> patched(List<Patch> patches) {
        Map<Path, String> texts = new LinkedHashMap<>();
        for (Patch patch : patches) {
            Path file = source(patch.file());
            texts.put(file, patch.applyTo(texts.computeIfAbsent(file, PatchedCode::read)));
        }
        return texts;
    }

    Trial simulator(String faults, int groups) {
        try {
            return (Trial) loader.loadClass(SimulatorTrial.class.getName())
                    .getDeclaredConstructor(String.class, int.class)
                    .newInstance(faults, groups);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The simulator cannot be loaded anew.", e);
        }
    }

    Trial unit(String test) {
        int hash = test.indexOf('#');
        try {
            return new UnitTrial(loader.loadClass(test.substring(0, hash)), test.substring(hash + 1));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("There is no unit test " + test + ".", e);
        }
    }

    // ---- sources

    private static Path modules() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("framework").resolve(MAIN))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("Run this below the folder of the sources.");
            }
        }
        return folder;
    }

    private static Path source(String file) {
        Path framework = MODULES.resolve("framework").resolve(MAIN).resolve(file);
        Path found = Files.exists(framework)
                ? framework
                : MODULES.resolve("testkit").resolve(MAIN).resolve(file);
        if (!Files.exists(found)) {
            throw new IllegalStateException(
                    "The file " + file + " is gone. Plant the same bug where its rules stand now.");
        }
        return found;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where a test class stands; what it uses beside it is found by the compiler. */
    private static Path test(String unitTest) {
        int hash = unitTest.indexOf('#');
        return TESTS.resolve(unitTest.substring(0, hash).replace('.', '/') + ".java");
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(Path file, String text) {
            super(file.toUri(), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    // ---- compiling

    private static Map<String, byte[]> compile(List<JavaFileObject> sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalStateException("Mutants are compiled: run them on a JDK.");
        }
        StringWriter complaints = new StringWriter();
        List<String> options = List.of(
                "-classpath", classPath(), "-sourcepath", TESTS.toString(), "-proc:none", "-nowarn", "-Xlint:none");
        try (Output output = new Output(compiler.getStandardFileManager(null, null, null))) {
            if (!compiler.getTask(complaints, output, null, options, null, sources)
                    .call()) {
                throw new IllegalStateException("This mutant does not compile:\n" + complaints);
            }
            return output.classes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the classes come from that are compiled against. */
    private static String classPath() {
        return Stream.of(
                        ReplicatedLog.class,
                        SimulatedCluster.class,
                        SimulatorTrial.class,
                        NullMarked.class,
                        Test.class,
                        ParameterizedTest.class,
                        Assertions.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .map(location -> {
                    try {
                        return Path.of(location.toURI()).toString();
                    } catch (URISyntaxException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static final class Output extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written = new LinkedHashMap<>();

        Output(StandardJavaFileManager files) {
            super(files);
        }

        Map<String, byte[]> classes() {
            Map<String, byte[]> classes = new LinkedHashMap<>();
            written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
            return classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                JavaFileManager.Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + name.replace('.', '/')), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return written.computeIfAbsent(name, any -> new ByteArrayOutputStream());
                }
            };
        }
    }

    // ---- loading

    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> changed;

        Loader(Map<String, byte[]> changed) {
            super(PatchedCode.class.getClassLoader());
            this.changed = changed;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!changed.containsKey(name) && OWN.stream().noneMatch(name::startsWith)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : findClass(name);
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = changed.containsKey(name) ? changed.get(name) : built(name);
            return defineClass(name, bytes, 0, bytes.length);
        }

        private byte[] built(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                return in.readAllBytes();
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
