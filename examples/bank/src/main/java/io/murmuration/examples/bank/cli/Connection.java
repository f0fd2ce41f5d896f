package io.murmuration.examples.bank.cli;

import io.murmuration.examples.bank.client.BankClient;
import io.murmuration.examples.bank.fleet.NodeSpec;
import io.murmuration.examples.bank.fleet.RunFile;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of each command that asks the bank something. */
final class Connection {
    private static final Duration TRY_AT_MOST = Duration.ofSeconds(3);

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "A node to ask; repeatable. Default: the nodes of --dir.")
    private List<String> urls = new ArrayList<>();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How long to try, like 500ms, 5s or 1m. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ofSeconds(10);

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = "bank-data",
            description = "The state folder of the nodes. Default: ${DEFAULT-VALUE}.")
    private Path dir = Path.of("bank-data");

    Duration timeout() {
        return timeout;
    }

    boolean json() {
        return json;
    }

    Path dir() {
        return dir;
    }

    List<URI> urls() {
        if (!urls.isEmpty()) {
            return urls.stream().map(this::url).toList();
        }
        return RunFile.read(dir)
                .map(RunFile::nodes)
                .map(nodes -> nodes.stream().map(node -> node.spec().url()).toList())
                .orElseGet(
                        () -> NodeSpec.list(
                                        5,
                                        "127.0.0.1",
                                        NodeSpec.HTTP_PORT,
                                        NodeSpec.REMOTING_PORT,
                                        NodeSpec.MANAGEMENT_PORT)
                                .stream()
                                .map(NodeSpec::url)
                                .toList());
    }

    private URI url(String text) {
        if (!text.matches("https?://[A-Za-z0-9.:_\\[\\]-]+/?")) {
            throw new ParameterException(
                    command.commandLine(), "--url \"" + text + "\" must look like http://127.0.0.1:8081.");
        }
        return URI.create(text);
    }

    BankClient client() {
        Duration share = timeout.dividedBy(2);
        return new BankClient(urls(), share.compareTo(TRY_AT_MOST) < 0 ? share : TRY_AT_MOST);
    }
}
