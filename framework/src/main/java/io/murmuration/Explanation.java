package io.murmuration;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Why a group does not do what it should, as one node sees it at one moment.
 *
 * @param group the group's name
 * @param node the node that answers
 * @param summary who leads which term, and how far this node is, as a sentence
 * @param findings what is wrong, the gravest first; empty when all is well
 * @since 0.1.0
 */
public record Explanation(String group, String node, String summary, List<Finding> findings) {
    /** Copies the list. */
    public Explanation {
        findings = List.copyOf(findings);
    }

    /**
     * Whether nothing is wrong.
     *
     * @return true if there is no finding
     */
    public boolean well() {
        return findings.isEmpty();
    }

    /**
     * All of it for an operator.
     *
     * @return a sentence for each finding, one on a line; one that says so if there is none
     */
    public String words() {
        return well()
                ? "All that " + node + " knows of is well: " + summary
                : findings.stream().map(Finding::sentence).collect(Collectors.joining("\n"));
    }
}
