package io.murmuration.tool;

import io.murmuration.persistence.JournalInspection;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What can be done with a journal: its commands are its methods. */
@Command(
        name = "journal",
        description = "Looks into the data folder of a stopped node, or into a copy of one. Writes nothing.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing is damaged",
            "1:something is damaged",
            "2:usage, or the folder is in use, is no data folder or cannot be read"
        })
final class JournalCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** Which folder. */
    static final class Folder {
        @Parameters(paramLabel = "DIR", description = "The data folder (murmuration.data-dir).")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private Path folder;

        JournalInspection open() {
            return JournalInspection.of(folder);
        }
    }

    /** How to say it. */
    static final class Form {
        @Option(names = "--json", description = "Say it as JSON.")
        private boolean json;
    }

    /** Which entries. */
    static final class Selection {
        @Option(names = "--group", required = true, paramLabel = "NAME", description = "The group.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private String group;

        @Option(names = "--node", paramLabel = "NAME", description = "The node, if it is not the folder's own.")
        private @Nullable String node;

        @Option(names = "--from", paramLabel = "INDEX", description = "The first index (default: the log's first).")
        private long from = 1;

        @Option(names = "--to", paramLabel = "INDEX", description = "The last index (default: the log's last).")
        private long to = Long.MAX_VALUE;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Name a command; for example \"murmuration journal inspect DIR\".");
    }

    @Command(
            name = "inspect",
            description = "Shows segments, groups, terms, index ranges, snapshots and damage.",
            mixinStandardHelpOptions = true)
    int inspect(@Mixin Folder folder, @Mixin Form form) {
        try (JournalInspection inspection = folder.open()) {
            FolderFacts facts = FolderFacts.of(inspection);
            if (form.json) {
                out().println(Json.inspected(facts).toPrettyString());
            } else {
                new TextReport(facts, out()).inspected();
            }
            return code(facts);
        }
    }

    @Command(
            name = "verify",
            description =
                    "Reads everything with every checksum, and says what is damaged, what is lost, and what to do.",
            mixinStandardHelpOptions = true)
    int verify(@Mixin Folder folder, @Mixin Form form) {
        try (JournalInspection inspection = folder.open()) {
            FolderFacts facts = FolderFacts.of(inspection);
            if (form.json) {
                out().println(Json.verified(facts).toPrettyString());
            } else {
                new TextReport(facts, out()).verified();
            }
            return code(facts);
        }
    }

    @Command(
            name = "dump",
            description =
                    "Prints the entries of a group's log, one in a line, with decoded commands where their classes"
                            + " are on the class path.",
            mixinStandardHelpOptions = true)
    int dump(
            @Mixin Folder folder,
            @Mixin Selection selection,
            @Mixin Form form,
            @Option(
                            names = "--records",
                            description =
                                    "Print all records in the order of the journal: also ballots, bases, and entries"
                                            + " that were replaced or dropped.")
                    boolean records) {
        return walk(
                folder,
                selection,
                records,
                commands -> form.json
                        ? new JsonLines(out(), commands, JsonLines.Bytes.SHORT)
                        : new TextLines(out(), commands));
    }

    @Command(
            name = "export",
            description = "Prints the entries of a group's log as lines of JSON, with their whole payload, for other"
                    + " tools.",
            mixinStandardHelpOptions = true)
    int export(@Mixin Folder folder, @Mixin Selection selection) {
        return walk(folder, selection, false, commands -> new JsonLines(out(), commands, JsonLines.Bytes.WHOLE));
    }

    /** Makes what prints, given what decodes. */
    @FunctionalInterface
    private interface Printing {
        EntryWalk.Sink by(CommandReader commands);
    }

    private int walk(Folder folder, Selection selection, boolean records, Printing printing) {
        if (selection.from < 1 || selection.to < selection.from) {
            throw new ParameterException(
                    spec.commandLine(),
                    "The indices from " + selection.from + " to " + selection.to
                            + " are none; begin at 1 and end no lower than that.");
        }
        try (JournalInspection inspection = folder.open();
                CommandReader commands = CommandReader.open(err())) {
            ReplicaFacts replica = ReplicaFacts.choose(inspection, selection.group, selection.node);
            EntryWalk walk = new EntryWalk(replica, selection.from, selection.to, records, printing.by(commands));
            inspection.events(replica.persistenceId(), 1, Long.MAX_VALUE, walk::take);
            out().flush();
            return notes(inspection, replica, selection.from, records);
        }
    }

    /** What whoever reads the lines must know besides. */
    private int notes(JournalInspection inspection, ReplicaFacts replica, long from, boolean records) {
        long base = replica.base().index();
        if (base >= from && from > 1 && !records) {
            err().println("The log begins behind index " + base
                    + ", since a snapshot includes what was before; --records" + " shows what is still in the files.");
        }
        String wrong = replica.wrong();
        if (wrong != null) {
            err().println("Not everything that was written can be read, so entries that do not count may be among"
                    + " these: " + wrong);
        }
        boolean damaged = wrong != null || !inspection.damages().isEmpty();
        if (damaged) {
            err().println("The folder is damaged; \"murmuration journal verify\" says where.");
        }
        return damaged ? MurmurationCommand.DAMAGED : MurmurationCommand.FINE;
    }

    private static int code(FolderFacts facts) {
        return facts.damages().isEmpty() ? MurmurationCommand.FINE : MurmurationCommand.DAMAGED;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
