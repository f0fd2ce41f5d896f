package io.murmuration.examples.bank.cli;

import io.murmuration.examples.bank.payments.Generator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a file of payments; without options, the one that is shipped. */
@Command(
        name = "generate",
        description = "Writes a file of payments, always the same for one seed.",
        mixinStandardHelpOptions = true)
final class GenerateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "Where to write it.")
    private Path file = Path.of("payments.csv");

    @Option(names = "--seed", defaultValue = "" + Generator.SEED, description = "Default: ${DEFAULT-VALUE}.")
    private long seed = Generator.SEED;

    @Option(names = "--rows", defaultValue = "" + Generator.ROWS, description = "Default: ${DEFAULT-VALUE}.")
    private int rows = Generator.ROWS;

    @Option(names = "--accounts", defaultValue = "" + Generator.ACCOUNTS, description = "Default: ${DEFAULT-VALUE}.")
    private int accounts = Generator.ACCOUNTS;

    @Override
    public Integer call() throws IOException {
        Files.writeString(file, String.join("\n", new Generator(seed, rows, accounts).lines()) + "\n");
        return Exit.DONE;
    }
}
