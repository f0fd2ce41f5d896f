package io.murmuration.examples.bank.payments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.murmuration.examples.bank.client.BankClient;
import io.murmuration.examples.bank.client.Call;
import io.murmuration.examples.bank.client.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the payments of a file, many at a time. Each is asked for with its id as key until the bank has decided,
 * so none is carried out twice, whatever fails in between.
 */
public final class Loader {
    private final BankClient client;
    private final int inFlight;
    private final Duration deadline;
    private volatile boolean stopped;

    /**
     * A loader.
     *
     * @param client whom to ask
     * @param inFlight how many payments are under way at a time
     * @param deadline how long each payment is tried
     */
    public Loader(BankClient client, int inFlight, Duration deadline) {
        this.client = client;
        this.inFlight = inFlight;
        this.deadline = deadline;
    }

    /** What became of a payment. */
    public enum Kind {
        /** It was carried out. */
        ACCEPTED,
        /** The ledger said no. */
        REFUSED,
        /** It surely had no effect, and the deadline came. */
        NOT_APPLIED,
        /** Nobody knows, and the deadline came. */
        UNKNOWN
    }

    /**
     * What became of a row.
     *
     * @param row the row
     * @param kind what became of it
     * @param index where in the log it was decided; 0 if it is not known
     * @param detail the code of the refusal, or why nothing is known
     * @param body the JSON of the answer
     */
    public record Outcome(Row row, Kind kind, long index, String detail, JsonNode body) {}

    /** Is told what happens, by several threads, one at a time. */
    public interface Listener {
        /**
         * A row was decided, or given up.
         *
         * @param outcome what became of it
         */
        void decided(Outcome outcome);

        /**
         * A line is no payment.
         *
         * @param bad what is wrong
         */
        void bad(Row.Bad bad);
    }

    /** Begins no more payments; those under way go on to their end. */
    public void stop() {
        stopped = true;
    }

    /**
     * Opens accounts.
     *
     * @param accounts their ids
     * @return how many could not be opened
     * @throws InterruptedException if the thread is interrupted
     */
    public int open(Collection<String> accounts) throws InterruptedException {
        Iterator<String> ids = accounts.iterator();
        List<String> failed = new ArrayList<>();
        parallel(() -> {
            String id = next(ids);
            if (id == null || stopped) {
                return false;
            }
            Reply reply = client.send(Call.open(id), deadline);
            if (!(reply instanceof Reply.Answered answered && answered.carriedOut())) {
                synchronized (failed) {
                    failed.add(id);
                }
            }
            return true;
        });
        return failed.size();
    }

    private static @Nullable String next(Iterator<String> ids) {
        synchronized (ids) {
            return ids.hasNext() ? ids.next() : null;
        }
    }

    /**
     * Carries out the payments of a file, in about the order of its lines.
     *
     * @param file the file
     * @param skip which lines to leave out, since they were decided before
     * @param listener is told what becomes of each line
     * @throws IOException if the file cannot be read
     * @throws InterruptedException if the thread is interrupted
     */
    public void load(PaymentFile file, LongPredicate skip, Listener listener) throws IOException, InterruptedException {
        try (PaymentFile.Reader reader = file.read()) {
            parallel(() -> {
                Row row = next(reader, skip, listener);
                if (row == null) {
                    return false;
                }
                Outcome outcome = carryOut(row);
                synchronized (listener) {
                    listener.decided(outcome);
                }
                return true;
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private @Nullable Row next(PaymentFile.Reader reader, LongPredicate skip, Listener listener) {
        synchronized (reader) {
            try {
                while (!stopped) {
                    Row.Parsed parsed = reader.next();
                    if (parsed == null) {
                        return null;
                    }
                    if (parsed instanceof Row.Good good && !skip.test(good.row().line())) {
                        return good.row();
                    }
                    if (parsed instanceof Row.Bad bad) {
                        synchronized (listener) {
                            listener.bad(bad);
                        }
                    }
                }
                return null;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * Carries out one payment.
     *
     * @param row the payment
     * @return what became of it
     * @throws InterruptedException if the thread is interrupted
     */
    public Outcome carryOut(Row row) throws InterruptedException {
        Reply reply = client.send(Call.payment(row), deadline);
        if (reply instanceof Reply.Answered answered) {
            return new Outcome(
                    row,
                    answered.carriedOut() ? Kind.ACCEPTED : Kind.REFUSED,
                    answered.index(),
                    answered.carriedOut() ? "" : answered.code(),
                    answered.body());
        }
        JsonNode nothing = MissingNode.getInstance();
        return reply instanceof Reply.NotApplied notApplied
                ? new Outcome(row, Kind.NOT_APPLIED, 0, notApplied.why(), nothing)
                : new Outcome(row, Kind.UNKNOWN, 0, ((Reply.Unknown) reply).why(), nothing);
    }

    /** One step of a worker; false when there is nothing left. */
    private interface Step {
        boolean go() throws InterruptedException;
    }

    private void parallel(Step step) throws InterruptedException {
        ExecutorService workers = Executors.newFixedThreadPool(inFlight, task -> {
            Thread thread = new Thread(task, "bank-load");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<Boolean>> ends = new ArrayList<>();
            for (int i = 0; i < inFlight; i++) {
                ends.add(workers.submit(() -> {
                    boolean more = step.go();
                    while (more) {
                        more = step.go();
                    }
                    return true;
                }));
            }
            for (Future<Boolean> end : ends) {
                end.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UncheckedIOException io) {
                throw io;
            }
            throw new IllegalStateException("A payment could not be asked for.", e.getCause());
        } finally {
            workers.shutdownNow();
        }
    }
}
