package io.murmuration.testkit.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a command of a script has led to, one aligned line for each event that matters. Mutable.
 *
 * <p>Events of one round are concurrent unless they happen on one node, so those that say the same are told together:
 * {@code n1 -> n2 n3}, or {@code n2 n3 -> n1}. What happened on one node is never told in another order. A summary, for
 * commands that let much time pass, tells each line once, where it came first, and how often.
 */
final class ScenarioTold {
    private static final int WHO = 20;
    private static final int ACTOR = 11;

    private final List<Line> lines = new ArrayList<>();
    private final Map<String, Integer> lastOf = new HashMap<>();
    private int round;
    private boolean summary;
    private String time = "";

    /** One line: from several to one, from one to several, or what happened on several. */
    private static final class Line {
        final String time;
        final String arrow;
        final String text;
        final List<String> senders = new ArrayList<>();
        final List<String> places = new ArrayList<>();
        final Map<String, Integer> counts = new TreeMap<>();

        Line(String time, String arrow, String text) {
            this.time = time;
            this.arrow = arrow;
            this.text = text;
        }

        boolean says(String anArrow, String aText) {
            return arrow.equals(anArrow) && text.equals(aText);
        }

        /** Whether it stays a line of one sender or one place, so that it says nothing that did not happen. */
        boolean takes(String sender, String place) {
            boolean fansOut = senders.size() <= 1 && (senders.isEmpty() ? sender.isEmpty() : senders.contains(sender));
            boolean fansIn = places.size() == 1 && places.contains(place);
            return fansOut || fansIn;
        }

        void add(String sender, String place) {
            if (!sender.isEmpty() && !senders.contains(sender)) {
                senders.add(sender);
            }
            if (!places.contains(place)) {
                places.add(place);
            }
            counts.merge(sender + ">" + place, 1, Integer::sum);
        }

        boolean holds(String sender, String place) {
            return counts.containsKey(sender + ">" + place);
        }

        String words() {
            String who = String.join(" ", senders) + arrow + String.join(" ", places);
            int least = Integer.MAX_VALUE;
            int most = 0;
            for (int count : counts.values()) {
                least = Math.min(least, count);
                most = Math.max(most, count);
            }
            String often = most <= 1 ? "" : least == most ? " (" + most + " times)" : " (up to " + most + " times)";
            return time + padded(who, WHO) + text + often;
        }
    }

    /** A command begins. */
    void begin(boolean asSummary) {
        summary = asSummary;
        time = "";
        newRound();
    }

    /** What follows may depend on what was told before. */
    void newRound() {
        round = lines.size();
        lastOf.clear();
    }

    /** What follows happens so long after the command began. */
    void at(long nanos) {
        time = padded(
                "+" + Words.seconds(nanos).substring(0, Words.seconds(nanos).length() - 3) + "s", 10);
    }

    /** A message between nodes arrives, or does not. */
    void said(String from, String to, boolean arrives, String actor, String what) {
        tell(from, arrives ? " -> " : " -x ", to, padded(actor, ACTOR) + what);
    }

    /** Something happens on a node. */
    void happened(String node, String actor, String what) {
        tell("", "", node, padded(actor, ACTOR) + what);
    }

    /** A line that is no event. */
    void plain(String text) {
        Line line = new Line("", "", "");
        line.add("", text);
        lines.add(line);
        round = lines.size();
        lastOf.clear();
    }

    /** What was told since the last call. */
    List<String> take() {
        List<String> told =
                lines.stream().map(line -> line.words().stripTrailing()).toList();
        lines.clear();
        newRound();
        return told;
    }

    private void tell(String sender, String arrow, String place, String text) {
        int at = find(sender, arrow, place, text);
        if (at < 0) {
            at = lines.size();
            lines.add(new Line(time, arrow, text));
        }
        lines.get(at).add(sender, place);
        lastOf.put(place, at);
    }

    private int find(String sender, String arrow, String place, String text) {
        int again = summary ? findAgain(sender, arrow, place, text) : -1;
        if (again >= 0) {
            return again;
        }
        for (int at = Math.max(round, lastOf.getOrDefault(place, 0)); at < lines.size(); at++) {
            Line line = lines.get(at);
            if (line.says(arrow, text) && !line.holds(sender, place) && line.takes(sender, place)) {
                return at;
            }
        }
        return -1;
    }

    private int findAgain(String sender, String arrow, String place, String text) {
        for (int at = 0; at < lines.size(); at++) {
            if (lines.get(at).says(arrow, text) && lines.get(at).holds(sender, place)) {
                return at;
            }
        }
        return -1;
    }

    static String padded(String word, int width) {
        return word + " ".repeat(Math.max(1, width - word.length()));
    }
}
