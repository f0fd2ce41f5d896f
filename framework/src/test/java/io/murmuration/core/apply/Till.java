package io.murmuration.core.apply;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Outcome;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Payload;
import io.murmuration.core.model.Peer;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.Meta;
import io.murmuration.machine.StateMachine;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** A machine for tests whose state shows how often and in which order commands took effect; and entries for it. */
public final class Till {
    static final TestCodec CODEC = new TestCodec();
    /** That of a codec of which nothing is known. */
    static final long SHAPE = CODEC.replyShape();

    static final UUID LIFE = new UUID(1, 1);
    static final UUID OTHER_LIFE = new UUID(2, 2);

    static final Peer SELF = new Peer("n1", new UUID(0, 1));
    static final Peer SECOND = new Peer("n2", new UUID(0, 2));
    static final Peer THIRD = new Peer("n3", new UUID(0, 3));
    static final Members MEMBERS = Members.voting(List.of(SELF, SECOND, THIRD));

    private Till() {}

    public sealed interface Order<R> extends Command<R>, Serializable
            permits Pay, Refuse, Burn, Fill, Opaque, Ask, Note {}

    /** Appends itself to the state; replies how many came before. */
    public record Pay(String what) implements Order<Integer> {}

    /** Is always rejected. */
    public record Refuse(String reason) implements Order<String> {}

    /** Its fold throws. */
    public record Burn() implements Order<String> {}

    /** Replies so many bytes. */
    public record Fill(int bytes) implements Order<byte[]> {}

    /** Takes effect and replies what no codec takes. */
    public record Opaque() implements Order<Object> {}

    /** Replies what the fold is told of the entry. */
    public record Ask() implements Order<String> {}

    /** Appends to the state, and replies, all that the fold is told of the entry. */
    public record Note() implements Order<String> {}

    private static String told(Meta meta) {
        Random random = meta.random();
        return meta.index() + " " + meta.term() + " " + meta.time().toEpochMilli() + " "
                + meta.elapsed().toMillis() + " " + random.nextLong() + " " + random.nextInt(1_000);
    }

    public static StateMachine<List<String>> machine() {
        return StateMachine.startingFrom(List.<String>of())
                .on(Pay.class, (state, pay, meta) -> Applied.of(with(state, pay.what()), state.size()))
                .on(Refuse.class, (state, refuse, meta) -> Applied.rejected(state, refuse.reason()))
                .on(Burn.class, (state, burn, meta) -> {
                    throw new IllegalStateException("it burns");
                })
                .on(Fill.class, (state, fill, meta) -> Applied.of(with(state, "fill"), new byte[fill.bytes()]))
                .on(Opaque.class, (state, opaque, meta) -> Applied.of(with(state, "opaque"), new Object()))
                .on(
                        Ask.class,
                        (state, ask, meta) -> Applied.of(
                                state,
                                meta.time().toEpochMilli() + " "
                                        + meta.elapsed().toMillis()))
                .on(Note.class, (state, note, meta) -> Applied.of(with(state, told(meta)), told(meta)))
                .covering(Order.class);
    }

    private static List<String> with(List<String> state, String more) {
        List<String> next = new ArrayList<>(state);
        next.add(more);
        return List.copyOf(next);
    }

    public static Machine<List<String>> fresh() {
        return new Machine<>("till", machine(), CODEC);
    }

    static Machine<List<String>> bounded(int sessions, long bytes) {
        return fresh(MachineSettings.DEFAULT.withSessions(new Sessions.Bounds(sessions, bytes, Sessions.IDLE_MAX)));
    }

    static Machine<List<String>> fresh(MachineSettings settings) {
        return new Machine<>(blueprint(SELF, settings), MEMBERS);
    }

    static Blueprint<List<String>> blueprint(Peer self, MachineSettings settings) {
        return new Blueprint<>("till", self, machine(), CODEC, settings);
    }

    public static Entry entry(long index, Payload payload) {
        return new Entry(new EntryId(index, 1), 1_000 * index, payload);
    }

    public static Payload open(UUID life, String node) {
        return new Payload.OpenSession(life, node);
    }

    public static Payload.Proposed proposed(long session, long serial, long lowest, Object command) {
        return new Payload.Proposed(session, serial, lowest, CODEC.encode(command));
    }

    public static Encoded encoded(Object value) {
        return CODEC.encode(value);
    }

    static List<Outcome> outcomes(List<Effect> effects) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Answer answer && answer.message() instanceof ClientRpc.Outcomes told) {
                outcomes.addAll(told.outcomes());
            }
        }
        return outcomes;
    }

    static <E extends Effect> List<E> only(Class<E> type, List<Effect> effects) {
        return effects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Performs {@code Continue} until nothing waits; returns all effects. */
    static List<Effect> drained(Machine<?> machine, List<Effect> first) {
        List<Effect> all = new ArrayList<>(first);
        List<Effect> latest = first;
        while (latest.contains(new Effect.Continue())) {
            latest = machine.slice();
            all.addAll(latest);
        }
        return all;
    }

    /** Feeds a log in pieces of random size, with slices in between or not. */
    static List<Effect> fedInPieces(Machine<?> machine, List<Entry> log, Random random) {
        List<Effect> all = new ArrayList<>();
        int at = 0;
        while (at < log.size()) {
            int next = Math.min(log.size(), at + 1 + random.nextInt(random.nextBoolean() ? 3 : 700));
            List<Effect> effects = machine.committed(log.subList(at, next), true);
            all.addAll(random.nextBoolean() ? drained(machine, effects) : effects);
            at = next;
        }
        all.addAll(drained(machine, List.of(new Effect.Continue())));
        return all;
    }
}
