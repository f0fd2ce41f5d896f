package io.murmuration.actor;

import io.murmuration.GroupSettings;
import io.murmuration.core.model.InvariantViolation;
import io.murmuration.core.model.JournalPrefix;
import io.murmuration.core.model.LastBallot;
import io.murmuration.core.model.Replay;
import io.murmuration.core.model.StoreRecord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.DeleteMessagesFailure;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.Recovery;
import org.apache.pekko.persistence.RecoveryCompleted;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * The replica's one persistent actor: the only writer of its journal (protocol, Store). Records are written in the
 * order in which they were handed over, whoever hands them over; {@link StoreMessage.Written} leaves only after the
 * journal has said that the write is durable.
 *
 * <p>A classic actor behind a typed face: {@code persistAllAsync} goes on accepting while a write is in flight, and
 * events can be deleted up to a chosen point; the typed {@code EventSourcedBehavior} can do neither. It is never
 * restarted: whatever goes wrong, it says {@link StoreMessage.Failed} to its GroupActor and stops, since after a failed
 * write nobody knows what is in the journal but who reads it anew. What is in flight is bounded by those who hand it
 * over: at most two batches of Log, one ballot.
 */
final class StoreActor {
    private static final Logger LOG = LoggerFactory.getLogger(StoreActor.class);

    private final String group;
    private final GroupSettings settings;
    private final ActorRef<GroupMessage> parent;

    private StoreActor(String group, GroupSettings settings, ActorRef<GroupMessage> parent) {
        this.group = group;
        this.settings = settings;
        this.parent = parent;
    }

    /**
     * Starts the Store of a replica as the child {@code store} of its GroupActor, which receives
     * {@link StoreMessage.Loaded} or {@link StoreMessage.Failed}, and may watch it.
     *
     * @param parent the GroupActor's context
     * @param group the group's name
     * @param settings the group's settings
     * @return where to write
     */
    static ActorRef<StoreMessage> spawn(ActorContext<GroupMessage> parent, String group, GroupSettings settings) {
        StoreActor store = new StoreActor(group, settings, parent.getSelf());
        Props props = Props.create(Writer.class, store::started).withDispatcher(settings.dispatcher());
        return Adapter.toTyped(Adapter.actorOf(parent, props, "store"));
    }

    private Writer started() {
        try {
            return new Writer();
        } catch (RuntimeException e) {
            throw failed(noPlugin(), e);
        }
    }

    private String noPlugin() {
        return "The journal plugin " + settings.journalPlugin() + " or the snapshot plugin " + settings.snapshotPlugin()
                + " cannot be started; look at murmuration.journal-plugin and murmuration.snapshot-plugin.";
    }

    private <E extends Throwable> E failed(String why, E cause) {
        LOG.error("[{}/{} store] stops ({})", group, settings.node(), why, cause);
        parent.tell(new StoreMessage.Failed(why, cause));
        return cause;
    }

    /** A status is read where no stack trace is: the sentence itself says what was found. */
    private static String said(Throwable cause) {
        return cause.getMessage() == null ? cause + "." : cause.getMessage();
    }

    /** A write that the journal has not answered for, record by record, in the order of its records. */
    private static final class InFlight {
        private final StoreMessage.Write write;
        private final ActorRef<? super StoreMessage.Written> owner;
        private final List<StoreRecord> records;
        /** Up to here earlier records are needed no more once this write is durable; 0 if it makes none needless. */
        private final long needless;

        private int durable;

        InFlight(
                StoreMessage.Write write,
                ActorRef<? super StoreMessage.Written> owner,
                List<StoreRecord> records,
                long needless) {
            this.write = write;
            this.owner = owner;
            this.records = records;
            this.needless = needless;
        }

        /** Whether the record, the very object that was handed over, is the one that this write waits for. */
        @SuppressWarnings("ReferenceEquality")
        boolean takes(StoreRecord stored) {
            boolean next = !isDurable() && records.get(durable) == stored;
            durable += next ? 1 : 0;
            return next;
        }

        boolean isDurable() {
            return durable == records.size();
        }
    }

    /** Inner, since its superclass asks for the ids of the plugins while it is being constructed. */
    private final class Writer extends AbstractPersistentActor {
        /** Only while the journal is read: the log belongs to Log afterwards. */
        private @Nullable Replay replay = new Replay();

        private final Map<StoreMessage.Owner, Long> handedOver = new EnumMap<>(StoreMessage.Owner.class);
        private @Nullable LastBallot ballot;
        private final JournalPrefix prefix = new JournalPrefix();
        /** The number of the last record that was read from the journal, and then of the last one handed over to it. */
        private long last;

        private long deleted;
        private @Nullable Neighbours neighbours;
        private final Deque<InFlight> inFlight = new ArrayDeque<>();
        private boolean finishing;

        @Override
        public String persistenceId() {
            return "murmuration|" + group + "|" + settings.node();
        }

        @Override
        public String journalPluginId() {
            return settings.journalPlugin();
        }

        @Override
        public String snapshotPluginId() {
            return settings.snapshotPlugin();
        }

        /** Snapshots of the state belong to another actor; this one starts from records alone (protocol, Store 6). */
        @Override
        public Recovery recovery() {
            return Recovery.create(SnapshotSelectionCriteria.none());
        }

        @Override
        public void aroundPreStart() {
            try {
                super.aroundPreStart();
            } catch (RuntimeException e) {
                throw failed(noPlugin(), e);
            }
        }

        @Override
        public Receive createReceiveRecover() {
            return receiveBuilder()
                    .match(StoreRecord.class, this::replay)
                    .match(RecoveryCompleted.class, done -> guarded(this::loaded))
                    .matchAny(unknown -> {
                        throw new InvariantViolation("The journal of " + persistenceId() + " holds a "
                                + unknown.getClass().getName() + ", which is no record of a replica.");
                    })
                    .build();
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder()
                    .match(StoreMessage.Write.class, write -> guarded(() -> write(write)))
                    .match(Neighbours.class, named -> neighbours = named)
                    .match(StoreMessage.Finish.class, finish -> finish())
                    .match(DeleteMessagesSuccess.class, done -> {})
                    .match(DeleteMessagesFailure.class, this::notDeleted)
                    .build();
        }

        /**
         * Records are stored one behind the other; what an earlier start threw away is missing at the beginning only. A
         * journal that rejected a write may have stored the next one by the time this actor stopped.
         */
        private void replay(StoreRecord record) {
            if (last > 0 && lastSequenceNr() != last + 1) {
                throw new InvariantViolation("The journal of " + persistenceId() + " goes on at sequence number "
                        + lastSequenceNr() + " after " + last + ": records are missing.");
            }
            last = lastSequenceNr();
            replaying().add(record);
            prefix.next(lastSequenceNr(), record);
        }

        private Replay replaying() {
            return Objects.requireNonNull(replay, "The journal is read once.");
        }

        private void loaded() {
            var recovered = replaying().result();
            replay = null;
            ballot = new LastBallot(recovered.ballot());
            last = lastSequenceNr();
            parent.tell(new StoreMessage.Loaded(recovered));
        }

        private void write(StoreMessage.Write write) {
            if (finishing) {
                return;
            }
            ActorRef<? super StoreMessage.Written> owner = owner(write.owner());
            Long before = handedOver.put(write.owner(), write.sequence());
            if (before != null && before >= write.sequence()) {
                throw new InvariantViolation("Write sequences of " + write.owner() + " only rise: " + before
                        + " cannot be followed by " + write.sequence() + ".");
            }
            LastBallot order = Objects.requireNonNull(ballot, "Commands are handled only after the recovery.");
            List<StoreRecord> records =
                    write.records().stream().map(order::next).toList();
            long needless = 0;
            for (StoreRecord record : records) {
                needless = Math.max(needless, prefix.next(++last, record));
            }
            inFlight.add(new InFlight(write, owner, records, needless));
            persistAllAsync(records, stored -> guarded(() -> stored(stored)));
        }

        /**
         * The journal has answered for a record. Where it need not keep the order of its answers
         * ({@code write-response-global-order = off}), those of a write can come before the last ones of the write
         * before it, and Pekko gives each to whichever handler is next: so it is the record itself that says what is
         * durable, and nothing is acknowledged before all that was handed over earlier.
         */
        private void stored(StoreRecord record) {
            for (InFlight write : inFlight) {
                if (write.takes(record)) {
                    acknowledge();
                    stopIfFinished();
                    return;
                }
            }
            throw new InvariantViolation("The journal of " + persistenceId() + " stored a "
                    + record.getClass().getSimpleName() + " that nobody waits for.");
        }

        private void acknowledge() {
            while (!inFlight.isEmpty() && inFlight.element().isDurable()) {
                InFlight durable = inFlight.remove();
                delete(durable.needless);
                durable.owner.tell(new StoreMessage.Written(durable.write.owner(), durable.write.sequence()));
            }
        }

        /** The record that makes the earlier ones needless is durable. */
        private void delete(long upTo) {
            if (upTo > deleted) {
                deleted = upTo;
                deleteMessages(upTo);
            }
        }

        /** Nothing is wrong but the space that it takes: the next deletion takes these with it. */
        private void notDeleted(DeleteMessagesFailure failure) {
            LOG.warn(
                    "[{}/{} store] records that are needed no more could not be deleted toSequenceNr={}",
                    group,
                    settings.node(),
                    failure.toSequenceNr(),
                    failure.cause());
        }

        private ActorRef<? super StoreMessage.Written> owner(StoreMessage.Owner owner) {
            if (owner == StoreMessage.Owner.GROUP) {
                return parent;
            }
            if (neighbours == null) {
                throw new InvariantViolation(
                        "The Store was handed a write by " + owner + " before it was told who that is.");
            }
            return owner == StoreMessage.Owner.ELECTION ? neighbours.election() : neighbours.log();
        }

        private void finish() {
            finishing = true;
            stopIfFinished();
        }

        /**
         * Behind everything that was handed over. Not by {@code deferAsync}: a deferred event can overtake the answers
         * to a write, too.
         */
        private void stopIfFinished() {
            if (finishing && inFlight.isEmpty()) {
                getContext().stop(getSelf());
            }
        }

        @Override
        public void onRecoveryFailure(Throwable cause, Option<Object> event) {
            fail(
                    "The journal of " + persistenceId() + " cannot be read"
                            + (event.isEmpty()
                                    ? ""
                                    : " at a record of type "
                                            + event.get().getClass().getSimpleName()) + ": " + said(cause),
                    cause);
        }

        /** Pekko stops this actor after it. The record may be stored or not: only a new replay tells. */
        @Override
        public void onPersistFailure(Throwable cause, Object event, long sequenceNr) {
            fail(
                    "The journal of " + persistenceId() + " failed at sequence number " + sequenceNr
                            + "; whether the record is stored is unknown: " + said(cause),
                    cause);
        }

        /** Pekko would only log it and go on with a hole in the journal. */
        @Override
        public void onPersistRejected(Throwable cause, Object event, long sequenceNr) {
            fail(
                    "The journal of " + persistenceId() + " rejected sequence number " + sequenceNr
                            + "; later records would stand behind a hole: " + said(cause),
                    cause);
        }

        /** An exception must not reach the supervisor: by default it would restart this actor in place. */
        private void guarded(Runnable act) {
            try {
                act.run();
            } catch (RuntimeException e) {
                fail("The Store of " + persistenceId() + " cannot go on: " + said(e), e);
            }
        }

        private void fail(String why, Throwable cause) {
            failed(why, cause);
            getContext().stop(getSelf());
        }
    }
}
