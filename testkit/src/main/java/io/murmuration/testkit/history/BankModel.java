package io.murmuration.testkit.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * A bank: accounts that hold whole cents, none below zero. The state is what is in each open account. Inputs and
 * outputs are named as in the HTTP interface of the bank example; further members are not looked at.
 *
 * <table>
 * <caption>Operations</caption>
 * <tr><th>op</th><th>input</th><th>output</th></tr>
 * <tr><td>{@code open}</td><td>{@code account}</td><td>{@code balance}, and perhaps {@code created}</td></tr>
 * <tr><td>{@code deposit}, {@code withdraw}</td><td>{@code account}, {@code amount}</td><td>{@code balance}</td></tr>
 * <tr><td>{@code transfer}</td><td>{@code from}, {@code to}, {@code amount}</td>
 *   <td>{@code from.balance}, {@code to.balance}</td></tr>
 * <tr><td>{@code read}</td><td>{@code account}</td><td>{@code balance}</td></tr>
 * </table>
 *
 * <p>A rejection is an answer, {@code {"rejected":"insufficient-funds"}}, and must be the one that the state gives:
 * {@code no-such-account}, {@code insufficient-funds} or {@code balance-overflow}. Payment ids are not modelled, since
 * an operation takes effect once: a retry is part of the operation that it retries.
 *
 * @since 0.1.0
 */
public final class BankModel implements Model<PSortedMap<String, Long>> {
    private static final String ALL = "bank";

    private final @Nullable Map<String, String> partitions;

    private BankModel(@Nullable Map<String, String> partitions) {
        this.partitions = partitions;
    }

    /**
     * A bank whose accounts are all judged together.
     *
     * @return the model, with one partition
     */
    public static BankModel whole() {
        return new BankModel(null);
    }

    /**
     * A bank in which accounts are judged together only if transfers connect them, over any number of steps. As strict
     * as the whole bank, and faster to search where there are many groups of accounts.
     *
     * @param history the history that is to be checked; each of its transfers connects, whatever its outcome
     * @return the model, with one partition per group of accounts, named after one of them
     */
    public static BankModel connected(History history) {
        Map<String, String> parents = new HashMap<>();
        for (Operation operation : history.operations()) {
            if (operation.op().equals("transfer")) {
                String from = root(parents, Values.text(operation, "from"));
                String to = root(parents, Values.text(operation, "to"));
                boolean fromIsFirst = from.compareTo(to) < 0;
                parents.put(fromIsFirst ? to : from, fromIsFirst ? from : to);
            }
        }
        Map<String, String> partitions = new HashMap<>();
        parents.keySet().forEach(account -> partitions.put(account, root(parents, account)));
        return new BankModel(partitions);
    }

    private static String root(Map<String, String> parents, String account) {
        String root = account;
        for (String parent = parents.get(root); parent != null && !parent.equals(root); parent = parents.get(root)) {
            root = parent;
        }
        parents.put(account, root);
        return root;
    }

    @Override
    public PSortedMap<String, Long> initial() {
        return TreePMap.empty();
    }

    @Override
    public String key(Operation operation) {
        if (partitions == null) {
            return ALL;
        }
        String account = Values.text(operation, operation.op().equals("transfer") ? "from" : "account");
        return partitions.getOrDefault(account, account);
    }

    @Override
    public boolean readsOnly(Operation operation) {
        return operation.op().equals("read");
    }

    @Override
    public Optional<PSortedMap<String, Long>> step(PSortedMap<String, Long> accounts, Operation operation) {
        return switch (operation.op()) {
            case "open" -> open(accounts, operation);
            case "deposit" -> pay(accounts, operation, null, Values.text(operation, "account"));
            case "withdraw" -> pay(accounts, operation, Values.text(operation, "account"), null);
            case "transfer" -> pay(accounts, operation, Values.text(operation, "from"), Values.text(operation, "to"));
            case "read" -> read(accounts, operation);
            default -> throw Values.unknownOp(operation, "the bank", "open, deposit, withdraw, transfer and read");
        };
    }

    private static Optional<PSortedMap<String, Long>> open(PSortedMap<String, Long> accounts, Operation operation) {
        String account = Values.text(operation, "account");
        Long balance = accounts.get(account);
        JsonNode created = operation.output().path("created");
        boolean fits = isOpen(operation)
                || (Values.isNumber(operation.output().path("balance"), balance == null ? 0 : balance)
                        && (created.isMissingNode() || created.asBoolean() == (balance == null)));
        if (!fits) {
            return Optional.empty();
        }
        return Optional.of(balance == null ? accounts.plus(account, 0L) : accounts);
    }

    private static Optional<PSortedMap<String, Long>> read(PSortedMap<String, Long> accounts, Operation operation) {
        Long balance = accounts.get(Values.text(operation, "account"));
        boolean fits = isOpen(operation)
                || (balance == null
                        ? isRejected(operation, "no-such-account")
                        : Values.isNumber(operation.output().path("balance"), balance));
        return fits ? Optional.of(accounts) : Optional.empty();
    }

    /** Without {@code from} a deposit, without {@code to} a withdrawal. */
    private static Optional<PSortedMap<String, Long>> pay(
            PSortedMap<String, Long> accounts, Operation operation, @Nullable String from, @Nullable String to) {
        long amount = Values.number(operation, operation.input().path("amount"), "The amount");
        String refusal = refusal(accounts, amount, from, to);
        if (refusal != null) {
            return isOpen(operation) || isRejected(operation, refusal) ? Optional.of(accounts) : Optional.empty();
        }
        PSortedMap<String, Long> after = accounts;
        boolean fits = true;
        if (from != null) {
            long balance = accounts.getOrDefault(from, 0L) - amount;
            after = after.plus(from, balance);
            fits = Values.isNumber(balance(operation, to == null ? null : "from"), balance);
        }
        if (to != null) {
            long balance = after.getOrDefault(to, 0L) + amount;
            after = after.plus(to, balance);
            fits &= Values.isNumber(balance(operation, from == null ? null : "to"), balance);
        }
        return fits || isOpen(operation) ? Optional.of(after) : Optional.empty();
    }

    /** In the order in which the ledger asks, since the code is part of the answer. */
    private static @Nullable String refusal(
            PSortedMap<String, Long> accounts, long amount, @Nullable String from, @Nullable String to) {
        if ((from != null && !accounts.containsKey(from)) || (to != null && !accounts.containsKey(to))) {
            return "no-such-account";
        }
        if (from != null && accounts.getOrDefault(from, 0L) < amount) {
            return "insufficient-funds";
        }
        if (to != null && !to.equals(from) && accounts.getOrDefault(to, 0L) > Long.MAX_VALUE - amount) {
            return "balance-overflow";
        }
        return null;
    }

    private static JsonNode balance(Operation operation, @Nullable String side) {
        JsonNode output = operation.output();
        return (side == null ? output : output.path(side)).path("balance");
    }

    private static boolean isRejected(Operation operation, String code) {
        return operation.output().path("rejected").asText().equals(code);
    }

    private static boolean isOpen(Operation operation) {
        return operation.status() == Operation.Status.UNKNOWN;
    }
}
