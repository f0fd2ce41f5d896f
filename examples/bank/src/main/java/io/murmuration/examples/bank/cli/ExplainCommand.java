package io.murmuration.examples.bank.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.murmuration.examples.bank.client.NodeExplanation;
import io.murmuration.examples.bank.fleet.RunFile;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Sentences: what each node says is wrong with the group. The leader knows most. */
@Command(
        name = "explain",
        description = "What is wrong with the group, in the words of each node.",
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
    private static final Duration ANSWER_AT_MOST = Duration.ofSeconds(3);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final Connection connection = new Connection();

    private record Said(String name, Optional<NodeExplanation> explanation) {}

    @Override
    public Integer call() {
        List<Said> said = ask();
        PrintWriter out = spec.commandLine().getOut();
        if (connection.json()) {
            ArrayNode all = new ObjectMapper().createArrayNode();
            said.forEach(one -> one.explanation().ifPresent(explanation -> all.add(explanation.json())));
            out.println(all);
        } else {
            for (Said one : said) {
                List<String> sentences = one.explanation()
                        .map(NodeExplanation::sentences)
                        .orElse(List.of(
                                "This node does not answer: start it, or look whether its port can be reached."));
                sentences.forEach(sentence -> out.printf("%-5s %s%n", one.name(), sentence));
            }
        }
        return said.stream().anyMatch(one -> one.explanation().isPresent()) ? Exit.DONE : Exit.REJECTED;
    }

    private List<Said> ask() {
        Duration limit = connection.timeout().compareTo(ANSWER_AT_MOST) < 0 ? connection.timeout() : ANSWER_AT_MOST;
        Optional<RunFile> runFile = RunFile.read(connection.dir());
        List<CompletableFuture<Said>> asked = new ArrayList<>();
        for (URI url : connection.urls()) {
            asked.add(CompletableFuture.supplyAsync(() -> said(url, runFile, limit)));
        }
        return asked.stream().map(CompletableFuture::join).toList();
    }

    private static Said said(URI url, Optional<RunFile> runFile, Duration limit) {
        String name = runFile.flatMap(file -> file.nodes().stream()
                        .filter(node -> node.spec().url().equals(url))
                        .findFirst())
                .map(node -> node.spec().id())
                .orElse(url.getAuthority());
        Optional<NodeExplanation> explanation = NodeExplanation.of(url, limit);
        return new Said(explanation.map(NodeExplanation::node).orElse(name), explanation);
    }
}
