package io.murmuration.testkit.history;

import com.fasterxml.jackson.databind.JsonNode;
import io.murmuration.testkit.history.Operation.Status;
import io.murmuration.testkit.history.SequentialObject.Question;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes histories: linearizable ones of a perfect object, and changes to them. */
final class Histories {
    private Histories() {}

    /** What was observed, and what was applied. */
    record Run(History history, AppliedLog log) {}

    /** How a run goes. */
    record Shape(int clients, int operations, int keys, int unknownPercent, int failPercent) {}

    private record Draft(String client, Question question, long call, long point, long returned, Status status) {
        boolean takesEffect(Random random) {
            return status == Status.OK || (status == Status.UNKNOWN && random.nextBoolean());
        }
    }

    /** Clients ask one perfect object, and each operation takes effect at a random instant while it is open. */
    static Run linearizable(Random random, SequentialObject object, Shape shape) {
        List<Draft> drafts = drafts(random, object, shape);
        drafts.sort(Comparator.comparingLong(Draft::point));
        Map<String, Long> values = SequentialObject.nothing();
        List<Operation> operations = new ArrayList<>();
        AppliedLog log = new AppliedLog();
        long index = 1;
        for (Draft draft : drafts) {
            Object output = null;
            boolean read = draft.question().isRead();
            if (draft.takesEffect(random)) {
                output = object.answer(values, draft.question());
                index += read ? 0 : 1 + random.nextInt(2);
                if (!read) {
                    log.add(index, operations.size());
                }
            }
            operations.add(operation(draft, output, index));
        }
        return new Run(new History(operations), log);
    }

    private static List<Draft> drafts(Random random, SequentialObject object, Shape shape) {
        long[] free = new long[shape.clients()];
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < shape.operations(); i++) {
            int client = random.nextInt(shape.clients());
            long call = free[client] + random.nextInt(10);
            long point = call + random.nextInt(10);
            long returned = point + random.nextInt(10);
            free[client] = returned + 1;
            int percent = random.nextInt(100);
            Status status = percent < shape.unknownPercent()
                    ? Status.UNKNOWN
                    : percent < shape.unknownPercent() + shape.failPercent() ? Status.FAIL : Status.OK;
            long effect = status == Status.UNKNOWN ? call + random.nextInt(100) : point;
            Question question = object.ask(random, shape.keys());
            drafts.add(new Draft("c" + client, question, call, effect, returned, status));
        }
        return drafts;
    }

    private static Operation operation(Draft draft, @Nullable Object output, long index) {
        Question question = draft.question();
        return switch (draft.status()) {
            case OK ->
                Operation.ok(
                        draft.client(),
                        question.op(),
                        question.key(),
                        question.input(),
                        output,
                        draft.call(),
                        draft.returned(),
                        index);
            case FAIL ->
                Operation.fail(
                        draft.client(),
                        question.op(),
                        question.key(),
                        question.input(),
                        draft.call(),
                        draft.returned());
            case UNKNOWN ->
                Operation.unknown(draft.client(), question.op(), question.key(), question.input(), draft.call());
        };
    }

    /** Changes one operation: its answer, its index, its time or its status. */
    static History mutated(Random random, SequentialObject object, History history) {
        List<Operation> operations = new ArrayList<>(history.operations());
        int position = random.nextInt(operations.size());
        Operation old = operations.get(position);
        Operation other = operations.get(random.nextInt(operations.size()));
        JsonNode answer = Operation.json(object.anyAnswer(random, old.op()));
        long length = old.returnNanos() == Long.MAX_VALUE ? 0 : old.returnNanos() - old.callNanos();
        Operation changed = switch (random.nextInt(5)) {
            case 0 -> with(old, old.callNanos(), old.returnNanos(), old.status(), old.index(), answer);
            case 1 -> with(old, old.callNanos(), old.returnNanos(), old.status(), other.index(), old.output());
            case 2 -> {
                long call = other.callNanos() + random.nextInt(20) - 10;
                yield with(old, call, call + length, old.status(), old.index(), old.output());
            }
            case 3 -> with(old, old.callNanos(), old.returnNanos(), Status.FAIL, old.index(), old.output());
            default -> with(old, old.callNanos(), old.returnNanos(), old.status(), old.index() + 1, answer);
        };
        operations.set(position, changed);
        return new History(operations);
    }

    private static Operation with(Operation old, long call, long returned, Status status, long index, JsonNode output) {
        return new Operation(old.client(), old.op(), old.key(), old.input(), output, call, returned, status, index);
    }
}
