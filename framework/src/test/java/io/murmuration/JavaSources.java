package io.murmuration;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.Tree.Kind;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Java files as the JDK's own parser reads them; each question returns its violations as sentences. */
final class JavaSources {
    private final SourceTree tree;
    private final DocTrees trees;
    private final List<CompilationUnitTree> units;

    private JavaSources(SourceTree tree, DocTrees trees, List<CompilationUnitTree> units) {
        this.tree = tree;
        this.trees = trees;
        this.units = units;
    }

    static JavaSources parse(SourceTree tree, List<Path> files) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StandardJavaFileManager manager = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
        JavacTask task = (JavacTask) compiler.getTask(
                null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
        try {
            List<CompilationUnitTree> units = new ArrayList<>();
            task.parse().forEach(units::add);
            return new JavaSources(tree, DocTrees.instance(task), units);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int methodCount() {
        int[] count = {0};
        scan(new Visitor() {
            @Override
            public Void visitMethod(MethodTree method, List<String> found) {
                count[0]++;
                return super.visitMethod(method, found);
            }
        });
        return count[0];
    }

    List<String> methodsLongerThan(int linesMax) {
        return scan(new Visitor() {
            @Override
            public Void visitMethod(MethodTree method, List<String> found) {
                long lines = lastLine(method) - firstLine(method) + 1;
                if (lines > linesMax) {
                    found.add(at(method) + " " + method.getName() + " has " + lines + " lines; name its parts.");
                }
                return super.visitMethod(method, found);
            }
        });
    }

    List<String> sleeps() {
        return scan(new Visitor() {
            @Override
            public Void visitMethodInvocation(MethodInvocationTree call, List<String> found) {
                String name = calledName(call.getMethodSelect());
                if (name.equals("sleep") || name.startsWith("parkNanos") || name.startsWith("parkUntil")) {
                    found.add(at(call) + " sleeps; await a condition with a deadline.");
                }
                return super.visitMethodInvocation(call, found);
            }
        });
    }

    /** Public and protected declarations, reachable from another package, that no comment explains. */
    List<String> undocumented(Predicate<String> fileName) {
        return scan(new Visitor() {
            @Override
            public Void visitCompilationUnit(CompilationUnitTree unit, List<String> found) {
                return fileName.test(nameOf(unit)) ? super.visitCompilationUnit(unit, found) : null;
            }

            @Override
            public Void visitClass(ClassTree type, List<String> found) {
                if (!exposed(type.getModifiers())) {
                    return null;
                }
                require(type, type.getSimpleName().toString(), found);
                if (type.getKind() == Kind.RECORD) {
                    requireComponents(type, found);
                }
                return super.visitClass(type, found);
            }

            @Override
            public Void visitMethod(MethodTree method, List<String> found) {
                boolean own = lastLine(method) >= firstLine(method) && !overrides(method);
                if (own && exposed(method.getModifiers()) && !isRecordConstructor(method)) {
                    require(method, method.getName().toString(), found);
                }
                return null;
            }

            @Override
            public Void visitVariable(VariableTree field, List<String> found) {
                Tree owner = getCurrentPath().getParentPath().getLeaf();
                boolean component = owner.getKind() == Kind.RECORD
                        && !field.getModifiers().getFlags().contains(Modifier.STATIC);
                if (!component && owner.getKind() != Kind.ENUM && exposed(field.getModifiers())) {
                    require(field, field.getName().toString(), found);
                }
                return null;
            }
        });
    }

    /**
     * All that is declared: {@code Outer.Inner}, {@code Outer.Inner#member}, and of a test also {@code Type#method()}.
     */
    List<String> declarations() {
        return scan(new Visitor() {
            @Override
            public Void visitClass(ClassTree type, List<String> found) {
                found.add(enclosing());
                return super.visitClass(type, found);
            }

            @Override
            public Void visitMethod(MethodTree method, List<String> found) {
                found.add(enclosing() + "#" + method.getName());
                if (method.getModifiers().getAnnotations().stream()
                        .anyMatch(annotation ->
                                annotation.getAnnotationType().toString().endsWith("Test"))) {
                    found.add(enclosing() + "#" + method.getName() + "()");
                }
                return super.visitMethod(method, found);
            }

            @Override
            public Void visitVariable(VariableTree field, List<String> found) {
                if (getCurrentPath().getParentPath().getLeaf() instanceof ClassTree) {
                    found.add(enclosing() + "#" + field.getName());
                }
                return super.visitVariable(field, found);
            }
        });
    }

    /**
     * What the sources can say: each text, put together where it is concatenated, with {@code value} for what is not
     * text.
     */
    List<String> texts(String value) {
        return scan(new Visitor() {
            @Override
            public Void visitBinary(BinaryTree sum, List<String> found) {
                if (sum.getKind() == Kind.PLUS) {
                    StringBuilder text = new StringBuilder();
                    join(sum, text);
                    found.add(text.toString());
                }
                return super.visitBinary(sum, found);
            }

            @Override
            public Void visitLiteral(LiteralTree literal, List<String> found) {
                if (literal.getValue() instanceof String text) {
                    found.add(text);
                }
                return super.visitLiteral(literal, found);
            }

            private void join(Tree part, StringBuilder text) {
                if (part instanceof BinaryTree sum && sum.getKind() == Kind.PLUS) {
                    join(sum.getLeftOperand(), text);
                    join(sum.getRightOperand(), text);
                } else if (part instanceof LiteralTree literal && literal.getValue() instanceof String known) {
                    text.append(known);
                } else {
                    text.append(value);
                }
            }
        });
    }

    private static boolean overrides(MethodTree method) {
        return method.getModifiers().getAnnotations().stream()
                .map(AnnotationTree::getAnnotationType)
                .anyMatch(type -> type.toString().equals("Override"));
    }

    private static String calledName(ExpressionTree method) {
        if (method instanceof MemberSelectTree select) {
            return select.getIdentifier().toString();
        }
        return method instanceof IdentifierTree name ? name.getName().toString() : "";
    }

    private List<String> scan(Visitor visitor) {
        List<String> found = new ArrayList<>();
        for (CompilationUnitTree unit : units) {
            visitor.scan(new TreePath(unit), found);
        }
        return found;
    }

    private String nameOf(CompilationUnitTree unit) {
        return tree.name(Path.of(unit.getSourceFile().toUri()));
    }

    private class Visitor extends TreePathScanner<Void, List<String>> {
        private final SourcePositions positions = trees.getSourcePositions();

        /** Whether another package sees it, given that it sees what encloses it. */
        final boolean exposed(ModifiersTree modifiers) {
            Set<Modifier> flags = modifiers.getFlags();
            Tree owner = getCurrentPath().getParentPath().getLeaf();
            boolean open = owner.getKind() == Kind.INTERFACE || owner.getKind() == Kind.ANNOTATION_TYPE;
            return flags.contains(Modifier.PUBLIC)
                    || flags.contains(Modifier.PROTECTED)
                    || (open && !flags.contains(Modifier.PRIVATE));
        }

        final boolean isRecordConstructor(MethodTree method) {
            Tree owner = getCurrentPath().getParentPath().getLeaf();
            return owner.getKind() == Kind.RECORD && method.getReturnType() == null;
        }

        /** The type that is visited, or that holds what is visited, with the types around it. */
        final String enclosing() {
            String name = "";
            for (Tree node : getCurrentPath()) {
                if (node instanceof ClassTree type) {
                    name = type.getSimpleName() + (name.isEmpty() ? "" : "." + name);
                }
            }
            return name;
        }

        final void require(Tree declaration, String name, List<String> found) {
            DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
            if (comment == null || comment.getFirstSentence().isEmpty()) {
                found.add(at(declaration) + " " + name + " is public; its Javadoc needs a first sentence.");
            }
        }

        final void requireComponents(ClassTree type, List<String> found) {
            Set<String> documented = new HashSet<>();
            DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
            if (comment != null) {
                for (DocTree tag : comment.getBlockTags()) {
                    if (tag instanceof ParamTree param) {
                        documented.add(param.getName().toString());
                    }
                }
            }
            for (Tree member : type.getMembers()) {
                if (member instanceof VariableTree component
                        && !component.getModifiers().getFlags().contains(Modifier.STATIC)
                        && !documented.contains(component.getName().toString())) {
                    found.add(at(type) + " " + type.getSimpleName() + " lacks @param " + component.getName() + ".");
                }
            }
        }

        final long firstLine(Tree node) {
            return line(positions.getStartPosition(unit(), node));
        }

        final long lastLine(Tree node) {
            return line(positions.getEndPosition(unit(), node));
        }

        final String at(Tree node) {
            return nameOf(unit()) + ":" + firstLine(node);
        }

        private long line(long position) {
            return position < 0 ? -1 : unit().getLineMap().getLineNumber(position);
        }

        private CompilationUnitTree unit() {
            return getCurrentPath().getCompilationUnit();
        }
    }
}
