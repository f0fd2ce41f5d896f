package io.murmuration.tool;

import io.murmuration.persistence.StorageException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line {@code murmuration}. It answers on the standard output, and says on the standard error why it
 * cannot.
 *
 * @since 0.1.0
 */
@Command(
        name = "murmuration",
        description = "Looks into what Murmuration nodes have written.",
        mixinStandardHelpOptions = true,
        version = "Murmuration 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = JournalCommand.class)
public final class MurmurationCommand implements Runnable {
    /** Nothing is wrong. */
    static final int FINE = 0;

    /** Something is damaged. */
    static final int DAMAGED = 1;

    /** The command line is wrong, or the folder cannot be read. */
    static final int UNUSABLE = 2;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** Made by picocli too. */
    MurmurationCommand() {}

    /**
     * Runs a command and ends the process.
     *
     * @param arguments the command and its options, see {@code --help}
     */
    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(
                new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8));
        // Whatever the user's own classes log or print must not stand between the lines of the answer.
        System.setOut(System.err);
        int code = line().setOut(out).execute(arguments);
        out.flush();
        System.exit(code);
    }

    /** The command line, for whoever sets its streams. */
    static CommandLine line() {
        return new CommandLine(new MurmurationCommand()).setExecutionExceptionHandler((failure, line, parsed) -> {
            if (!(failure instanceof StorageException)) {
                failure.printStackTrace(line.getErr());
            }
            line.getErr().println("murmuration: " + failure.getMessage());
            return UNUSABLE;
        });
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Name a command; for example \"murmuration journal inspect DIR\".");
    }
}
