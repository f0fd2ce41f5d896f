package io.murmuration.testkit.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Objects that are changed in place and share no code with the models: what a perfect system would answer. */
enum SequentialObject {
    REGISTER {
        @Override
        Model<?> model() {
            return new RegisterModel();
        }

        @Override
        Question ask(Random random, int keys) {
            String key = "k" + random.nextInt(keys);
            return switch (random.nextInt(3)) {
                case 0 -> new Question("read", key, null);
                case 1 -> new Question("write", key, random.nextInt(4));
                default -> new Question("cas", key, Map.of("from", random.nextInt(4), "to", random.nextInt(4)));
            };
        }

        @Override
        @Nullable
        Object answer(Map<String, Long> values, Question question) {
            Long value = values.get(question.key());
            if (question.op().equals("read")) {
                return value;
            }
            if (question.op().equals("write")) {
                values.put(question.key(), question.number(""));
                return null;
            }
            boolean swaps = Objects.equals(value, question.number("from"));
            if (swaps) {
                values.put(question.key(), question.number("to"));
            }
            return swaps;
        }

        @Override
        @Nullable
        Object anyAnswer(Random random, String op) {
            return switch (op) {
                case "read" -> random.nextInt(4);
                case "cas" -> random.nextBoolean();
                default -> null;
            };
        }
    },
    COUNTER {
        @Override
        Model<?> model() {
            return new CounterModel();
        }

        @Override
        Question ask(Random random, int keys) {
            String key = "k" + random.nextInt(keys);
            return random.nextInt(3) == 0
                    ? new Question("read", key, null)
                    : new Question("add", key, random.nextInt(3));
        }

        @Override
        Object answer(Map<String, Long> values, Question question) {
            long added = question.op().equals("add") ? question.number("") : 0;
            return values.merge(question.key(), added, Long::sum);
        }

        @Override
        Object anyAnswer(Random random, String op) {
            return random.nextInt(5);
        }
    },
    BANK {
        @Override
        Model<?> model() {
            return BankModel.whole();
        }

        @Override
        Question ask(Random random, int keys) {
            int number = random.nextInt(keys);
            String account = "k" + number;
            int amount = 1 + random.nextInt(3);
            return switch (random.nextInt(7)) {
                case 0, 1 -> new Question("open", "", Map.of("account", account));
                case 2 -> new Question("deposit", "", Map.of("account", account, "amount", amount));
                case 3 -> new Question("withdraw", "", Map.of("account", account, "amount", amount));
                case 4 -> {
                    String to = "k" + (number + 1) % keys;
                    yield new Question("transfer", "", Map.of("from", account, "to", to, "amount", amount));
                }
                default -> new Question("read", "", Map.of("account", account));
            };
        }

        @Override
        Object answer(Map<String, Long> values, Question question) {
            String account = question.text("account");
            switch (question.op()) {
                case "open" -> {
                    values.putIfAbsent(account, 0L);
                    return Map.of("balance", values.get(account));
                }
                case "read" -> {
                    return values.containsKey(account)
                            ? Map.of("balance", values.get(account))
                            : Map.of("rejected", "no-such-account");
                }
                default -> {
                    return pay(values, question);
                }
            }
        }

        @Override
        Object anyAnswer(Random random, String op) {
            Map<String, Object> balance = Map.of("balance", random.nextInt(4));
            if (random.nextInt(3) == 0) {
                return Map.of("rejected", random.nextBoolean() ? "no-such-account" : "insufficient-funds");
            }
            return op.equals("transfer")
                    ? Map.of("from", balance, "to", Map.of("balance", random.nextInt(4)))
                    : balance;
        }

        private Object pay(Map<String, Long> values, Question question) {
            boolean in = question.op().equals("deposit");
            boolean out = question.op().equals("withdraw");
            String from = in ? null : question.text(out ? "account" : "from");
            String to = out ? null : question.text(in ? "account" : "to");
            if ((from != null && !values.containsKey(from)) || (to != null && !values.containsKey(to))) {
                return Map.of("rejected", "no-such-account");
            }
            long amount = question.number("amount");
            if (from != null && values.get(from) - amount < 0) {
                return Map.of("rejected", "insufficient-funds");
            }
            if (from != null) {
                values.merge(from, -amount, Long::sum);
            }
            if (to != null) {
                values.merge(to, amount, Long::sum);
            }
            return from != null && to != null
                    ? Map.of("from", Map.of("balance", values.get(from)), "to", Map.of("balance", values.get(to)))
                    : Map.of("balance", values.get(from == null ? to : from));
        }
    };

    abstract Model<?> model();

    abstract Question ask(Random random, int keys);

    abstract @Nullable Object answer(Map<String, Long> values, Question question);

    /** What might be answered by an object with a fault. */
    abstract @Nullable Object anyAnswer(Random random, String op);

    static Map<String, Long> nothing() {
        return new HashMap<>();
    }

    /** What a client asks. */
    record Question(String op, String key, @Nullable Object input) {
        boolean isRead() {
            return op.equals("read");
        }

        long number(String member) {
            return member(member).longValue();
        }

        String text(String member) {
            return member(member).asText();
        }

        private JsonNode member(String member) {
            JsonNode json = Operation.json(input);
            return member.isEmpty() ? json : json.path(member);
        }
    }
}
