package io.murmuration;

/** The repository and its Java files, parsed once for all tests that judge them. */
final class Sources {
    static final SourceTree TREE = SourceTree.here();
    static final JavaSources MAIN = JavaSources.parse(TREE, TREE.java("src/main/java"));
    static final JavaSources TEST = JavaSources.parse(TREE, TREE.java("src/test/java"));

    private Sources() {}
}
