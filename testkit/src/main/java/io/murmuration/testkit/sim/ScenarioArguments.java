package io.murmuration.testkit.sim;

import io.murmuration.core.apply.MachineSettings;
import io.murmuration.core.apply.Sessions;
import io.murmuration.testkit.sim.ScenarioLocals.Path;
import io.murmuration.testkit.sim.ScenarioNetwork.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The words of one command, read from the left. Mutable. What does not fit is refused in a sentence. */
final class ScenarioArguments {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s)");
    private static final Pattern ARROW = Pattern.compile("([\\w*]+)->([\\w*]+)");

    private final String command;
    private final List<String> words;
    private int at;

    ScenarioArguments(String command) {
        this.command = command;
        this.words = Arrays.asList(command.strip().split("\\s+"));
    }

    boolean hasNext() {
        return at < words.size();
    }

    String next(String what) {
        if (!hasNext()) {
            throw new IllegalArgumentException("'" + command + "' lacks " + what + ".");
        }
        return words.get(at++);
    }

    /** Takes the next word if it is this one. */
    boolean takes(String word) {
        boolean there = hasNext() && words.get(at).equals(word);
        at += there ? 1 : 0;
        return there;
    }

    List<String> rest() {
        List<String> rest = new ArrayList<>(words.subList(at, words.size()));
        at = words.size();
        return rest;
    }

    void end() {
        if (hasNext()) {
            throw new IllegalArgumentException(
                    "'" + command + "' ends too late: nothing is known of '" + words.get(at) + "' here.");
        }
    }

    long number(String what) {
        String word = next(what);
        if (!word.matches("-?\\d{1,9}")) {
            throw new IllegalArgumentException("'" + word + "' in '" + command + "' is no number, as " + what + " is.");
        }
        return Long.parseLong(word);
    }

    /** A number if the next word is one. */
    long numberOr(long otherwise) {
        return hasNext() && words.get(at).matches("\\d{1,9}") ? number("a count") : otherwise;
    }

    /** Nanoseconds. */
    long duration() {
        String word = next("a duration");
        Matcher duration = DURATION.matcher(word);
        if (!duration.matches()) {
            throw new IllegalArgumentException(
                    "'" + word + "' in '" + command + "' is no duration; write 500ms or 2s.");
        }
        return Long.parseLong(duration.group(1)) * (duration.group(2).equals("s") ? Mix.SECOND : Mix.MILLI);
    }

    boolean onOrOff() {
        String word = next("on or off");
        if (!word.equals("on") && !word.equals("off")) {
            throw new IllegalArgumentException("'" + command + "' says on or off, not '" + word + "'.");
        }
        return word.equals("on");
    }

    /** Pairs of a bound and its value: {@code tail 100 idle 5s}. What is not named stays as it is. */
    Limits limits(Limits before) {
        long tail = before.tailBytesMax();
        int chunk = before.chunkBytes();
        MachineSettings machine = before.machine();
        do {
            String bound = next("a bound");
            switch (bound) {
                case "tail" -> tail = number("how many bytes");
                case "chunk" -> chunk = (int) number("how many bytes");
                case "hash" -> machine = machine.withHashEvery(number("how many entries"));
                case "bytes" -> machine = machine.withSnapshotBytes(number("how many bytes"));
                case "idle" -> {
                    Sessions.Bounds of = machine.sessions();
                    Duration idle = Duration.ofNanos(duration());
                    machine = machine.withSessions(new Sessions.Bounds(of.sessions(), of.bytes(), idle));
                }
                default ->
                    throw new IllegalArgumentException(
                            "There is no bound '" + bound + "'; there are tail, chunk, hash, bytes and idle.");
            }
        } while (hasNext());
        return new Limits(before.gatewayBytesMax(), before.logBytesMax(), tail, chunk, machine);
    }

    /** {@code n1->n2}, {@code n1->*}, {@code *->n2}, perhaps with the actor that receives. */
    Link link(ScenarioWorld world) {
        Matcher arrow = arrow("n1->n2");
        String from = nodeOrAny(world, arrow.group(1));
        String to = nodeOrAny(world, arrow.group(2));
        return new Link(from, to, actorIfAny());
    }

    private static String nodeOrAny(ScenarioWorld world, String word) {
        return word.equals(ScenarioNetwork.ANY) ? word : world.node(word).name();
    }

    /** {@code election->log}. */
    Path path() {
        Matcher arrow = arrow("election->log");
        return new Path(actor(arrow.group(1)), actor(arrow.group(2)));
    }

    boolean isArrowNext() {
        return hasNext() && words.get(at).contains("->");
    }

    private Matcher arrow(String example) {
        String word = next("who and whom, like " + example);
        Matcher arrow = ARROW.matcher(word);
        if (!arrow.matches()) {
            throw new IllegalArgumentException(
                    "'" + word + "' in '" + command + "' does not say who and whom, like " + example + ".");
        }
        return arrow;
    }

    private @Nullable Actor actorIfAny() {
        boolean named = hasNext() && !words.get(at).matches("\\d+|last");
        return named ? actor(next("an actor")) : null;
    }

    private Actor actor(String word) {
        for (Actor actor : Actor.values()) {
            if (actor.word().equals(word.toLowerCase(Locale.ROOT))) {
                return actor;
            }
        }
        throw new IllegalArgumentException("There is no actor '" + word + "'; there are group, election, log, machine,"
                + " snapshots, store and gateway.");
    }
}
