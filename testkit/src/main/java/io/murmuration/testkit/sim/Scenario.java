package io.murmuration.testkit.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * A script with what it is known to lead to: commands at the beginning of a line, each followed by its recorded lines,
 * which are indented; comments begin with {@code #}. Running it gives the same text with what it leads to now, so that
 * a change of behaviour is a difference of two texts.
 */
final class Scenario {
    private static final String INDENT = "    ";

    private Scenario() {}

    /**
     * Runs a script in a world of its own.
     *
     * @param script the text, with recorded lines or without
     * @return the text with the lines that were told now
     * @throws IllegalArgumentException if a command cannot be carried out, with the number of its line
     */
    static String run(String script) {
        ScenarioTold told = new ScenarioTold();
        ScenarioCommands commands = new ScenarioCommands(told);
        List<String> lines = new ArrayList<>();
        boolean violated = false;
        int number = 0;
        for (String line : script.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                lines.add(line.stripTrailing());
            } else if (!Character.isWhitespace(line.charAt(0))) {
                lines.add(line.stripTrailing());
                violated = violated || !holds(commands, line, number, told);
                told.take().forEach(each -> lines.add(INDENT + each));
                if (violated) {
                    lines.add(INDENT + "(the world has ended: an invariant does not hold)");
                }
            }
        }
        return String.join("\n", lines) + "\n";
    }

    /** Whether all invariants hold while the command is carried out. */
    private static boolean holds(ScenarioCommands commands, String line, int number, ScenarioTold told) {
        try {
            commands.carryOut(line);
            return true;
        } catch (Violation violation) {
            Invariant meant = Invariant.named(violation.invariant());
            told.plain("VIOLATED " + violation.invariant() + ": " + violation.getMessage());
            told.plain("must hold: " + (meant == null ? "what the core itself checks" : meant.sentence()));
            return false;
        } catch (IllegalArgumentException | IllegalStateException wrong) {
            throw new IllegalArgumentException("Line " + number + ": " + wrong.getMessage(), wrong);
        }
    }
}
