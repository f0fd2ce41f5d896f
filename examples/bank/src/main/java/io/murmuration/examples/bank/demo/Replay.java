package io.murmuration.examples.bank.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.murmuration.examples.bank.payments.Loader.Kind;
import io.murmuration.examples.bank.payments.Loader.Outcome;
import io.murmuration.examples.bank.payments.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A bank of its own, as plain as can be, which shares no code with the ledger: the answers are sorted by the index at
 * which they took effect and carried out one by one, and each answer must be what this bank would have answered.
 */
public final class Replay {
    private static final int PROBLEMS_MAX = 20;

    private final Map<String, Long> balances = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private long lastIndex;
    private int accepted;
    private int refused;

    private Replay() {}

    /**
     * Replays answers.
     *
     * @param accounts the accounts that were open, and empty, before the first payment
     * @param outcomes one outcome for each payment that was asked for
     * @return the bank as it must be now, with whatever did not fit
     */
    public static Replay of(Collection<String> accounts, Collection<Outcome> outcomes) {
        Replay replay = new Replay();
        accounts.forEach(account -> replay.balances.put(account, 0L));
        List<Outcome> sorted = new ArrayList<>(outcomes);
        sorted.sort(Comparator.comparingLong(Outcome::index));
        Map<String, Long> ids = new HashMap<>();
        for (Outcome outcome : sorted) {
            replay.check(outcome);
            if (ids.put(outcome.row().id(), outcome.index()) != null) {
                replay.problem(outcome, "the payment was answered twice");
            }
        }
        return replay;
    }

    private void check(Outcome outcome) {
        if (outcome.kind() != Kind.ACCEPTED && outcome.kind() != Kind.REFUSED) {
            problem(outcome, "its outcome is not known: " + outcome.detail());
            return;
        }
        if (outcome.index() <= lastIndex) {
            problem(outcome, "index " + outcome.index() + " was given to two payments, or to none");
        }
        lastIndex = outcome.index();
        Row row = outcome.row();
        boolean enough = row.from() == null || balances.getOrDefault(row.from(), -1L) >= row.amount();
        if (outcome.kind() == Kind.REFUSED) {
            refused++;
            if (enough || !outcome.detail().equals("insufficient-funds")) {
                problem(outcome, "it was refused (" + outcome.detail() + ") and should have been carried out");
            }
            return;
        }
        accepted++;
        if (!enough) {
            problem(outcome, "it was carried out and should have been refused");
        }
        carryOut(outcome, row);
    }

    private void carryOut(Outcome outcome, Row row) {
        boolean both = row.from() != null && row.to() != null;
        JsonNode body = outcome.body();
        if (row.from() != null) {
            long balance = balances.merge(row.from(), -row.amount(), Long::sum);
            compare(outcome, row.from(), balance, both ? body.path("from") : body);
        }
        if (row.to() != null) {
            long balance = balances.merge(row.to(), row.amount(), Long::sum);
            compare(outcome, row.to(), balance, both ? body.path("to") : body);
        }
    }

    private void compare(Outcome outcome, String account, long balance, JsonNode answer) {
        boolean same = answer.path("account").asText().equals(account)
                && answer.path("balance").isIntegralNumber()
                && answer.path("balance").asLong() == balance;
        if (!same) {
            problem(outcome, "the answer says " + answer + " and the replay has " + balance + " in " + account);
        }
    }

    private void problem(Outcome outcome, String what) {
        if (problems.size() < PROBLEMS_MAX) {
            problems.add("Payment " + outcome.row().id() + " (index " + outcome.index() + "): " + what + ".");
        }
    }

    /**
     * What did not fit.
     *
     * @return sentences; empty if every answer is as it must be
     */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /**
     * Compares a node's ledger with this bank.
     *
     * @param node the node, for the words
     * @param ledger each account of the node and what is in it
     * @return sentences; empty if they are equal
     */
    public List<String> differences(String node, Map<String, Long> ledger) {
        List<String> found = new ArrayList<>();
        if (!ledger.keySet().equals(balances.keySet())) {
            found.add(node + " has " + ledger.size() + " accounts, the replay " + balances.size()
                    + ", or they are others.");
        }
        balances.forEach((account, balance) -> {
            Long other = ledger.get(account);
            if (!balance.equals(other) && found.size() < PROBLEMS_MAX) {
                found.add(node + " has " + other + " in " + account + ", the replay " + balance + ".");
            }
        });
        return found;
    }

    /**
     * What all accounts hold together.
     *
     * @return in cents
     */
    public long total() {
        return balances.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * How many payments were carried out.
     *
     * @return their number
     */
    public int accepted() {
        return accepted;
    }

    /**
     * How many payments were refused.
     *
     * @return their number
     */
    public int refused() {
        return refused;
    }

    /**
     * The last index at which something took effect.
     *
     * @return the index
     */
    public long lastIndex() {
        return lastIndex;
    }
}
