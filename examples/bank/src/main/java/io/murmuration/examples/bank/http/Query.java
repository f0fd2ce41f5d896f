package io.murmuration.examples.bank.http;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a request says behind its question mark, and in its headers. */
final class Query {
    static final Duration TIMEOUT = Duration.ofSeconds(10);
    static final Duration TIMEOUT_MAX = Duration.ofMinutes(5);
    static final int LIMIT = 100;
    static final int LIMIT_MAX = 1_000;

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m)");

    private Query() {}

    static Duration timeout(Optional<String> given) {
        if (given.isEmpty()) {
            return TIMEOUT;
        }
        Matcher matcher = DURATION.matcher(given.get());
        if (!matcher.matches()) {
            throw malformed("timeout", "The timeout must be written like 500ms, 5s or 1m.");
        }
        long count = Long.parseLong(matcher.group(1));
        Duration timeout = switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            default -> Duration.ofMinutes(count);
        };
        if (timeout.isZero() || timeout.compareTo(TIMEOUT_MAX) > 0) {
            throw malformed("timeout", "The timeout must be from 1ms to 5m.");
        }
        return timeout;
    }

    static boolean local(Optional<String> given) {
        if (given.isEmpty() || given.get().equals("linearizable")) {
            return false;
        }
        if (given.get().equals("local")) {
            return true;
        }
        throw malformed("consistency", "The consistency must be linearizable, which is the default, or local.");
    }

    static int limit(Optional<String> given) {
        if (given.isEmpty()) {
            return LIMIT;
        }
        boolean number = given.get().matches("[0-9]{1,4}");
        int limit = number ? Integer.parseInt(given.get()) : 0;
        if (limit < 1 || limit > LIMIT_MAX) {
            throw malformed("limit", "The limit must be a whole number from 1 to " + LIMIT_MAX + ".");
        }
        return limit;
    }

    static String after(Optional<String> given) {
        return given.isEmpty() || given.get().isEmpty() ? "" : Body.account("after", given.get());
    }

    private static Problem.Thrown malformed(String field, String detail) {
        return new Problem.Thrown(Problem.malformed(field, detail));
    }
}
