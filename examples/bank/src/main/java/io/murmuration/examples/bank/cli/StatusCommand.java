package io.murmuration.examples.bank.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.murmuration.examples.bank.client.NodeView;
import io.murmuration.examples.bank.fleet.RunFile;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A table: what each node sees of the group. Nodes may disagree. */
@Command(name = "status", description = "What each node sees of the group.", mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    private static final Duration ANSWER_AT_MOST = Duration.ofSeconds(3);
    private static final String ROW = "%-5s %-13s %5s %-7s %9s %9s %9s %6s %10s%n";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final Connection connection = new Connection();

    private record Line(String name, Optional<NodeView> view, String otherwise) {}

    @Override
    public Integer call() {
        List<Line> lines = look();
        PrintWriter out = spec.commandLine().getOut();
        if (connection.json()) {
            ArrayNode views = new ObjectMapper().createArrayNode();
            lines.forEach(line -> line.view().ifPresent(view -> views.add(view.json())));
            out.println(views);
        } else {
            print(out, lines);
        }
        return lines.stream().anyMatch(line -> line.view().isPresent()) ? Exit.DONE : Exit.REJECTED;
    }

    private List<Line> look() {
        Duration limit = connection.timeout().compareTo(ANSWER_AT_MOST) < 0 ? connection.timeout() : ANSWER_AT_MOST;
        List<URI> urls = connection.urls();
        Optional<RunFile> runFile = RunFile.read(connection.dir());
        List<CompletableFuture<Line>> asked = new ArrayList<>();
        for (URI url : urls) {
            asked.add(CompletableFuture.supplyAsync(() -> line(url, runFile, limit)));
        }
        return asked.stream().map(CompletableFuture::join).toList();
    }

    private static Line line(URI url, Optional<RunFile> runFile, Duration limit) {
        Optional<RunFile.Running> running = runFile.flatMap(file -> file.nodes().stream()
                .filter(node -> node.spec().url().equals(url))
                .findFirst());
        String name = running.map(node -> node.spec().id()).orElse(url.getAuthority());
        Optional<NodeView> view = NodeView.of(url, limit);
        String otherwise = running.map(node -> node.isAlive() ? "does not answer" : "does not run")
                .orElse("cannot be reached");
        return new Line(view.map(NodeView::node).orElse(name), view, otherwise);
    }

    private static void print(PrintWriter out, List<Line> lines) {
        long furthest = lines.stream()
                .flatMap(line -> line.view().stream())
                .mapToLong(view -> view.number("last"))
                .max()
                .orElse(0);
        out.printf(ROW, "node", "role", "term", "leader", "last", "commit", "applied", "lag", "disk");
        for (Line line : lines) {
            if (line.view().isEmpty()) {
                out.printf("%-5s %s%n", line.name(), line.otherwise());
                continue;
            }
            NodeView view = line.view().get();
            out.printf(
                    ROW,
                    line.name(),
                    view.role(),
                    view.number("term"),
                    view.leader().isEmpty() ? "-" : view.leader(),
                    view.number("last"),
                    view.number("commit"),
                    view.number("applied"),
                    furthest - view.number("applied"),
                    String.format(Locale.ROOT, "%.1f MiB", view.number("diskBytes") / 1048576.0));
            notes(view).forEach(note -> out.println("      " + note));
        }
    }

    /** What the table has no column for. */
    private static List<String> notes(NodeView view) {
        List<String> notes = new ArrayList<>();
        List<String> learners = view.names("learners");
        List<String> outgoing = view.names("outgoing");
        if (view.role().equals("leader") && !learners.isEmpty()) {
            notes.add("learners: " + String.join(", ", learners));
        }
        if (view.role().equals("leader") && !outgoing.isEmpty()) {
            notes.add("until the members have changed, also a majority of: " + String.join(", ", outgoing));
        }
        if (!view.change().isEmpty()) {
            notes.add(view.change());
        }
        if (!view.why().isEmpty()) {
            notes.add(view.why());
        }
        return notes;
    }
}
