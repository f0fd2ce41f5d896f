package io.murmuration.core.log;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.HandOverStep;
import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.SnapshotRpc.Held;
import io.murmuration.core.model.StoreRecord;
import io.murmuration.core.model.StoreRecord.EntriesAppended;
import java.util.List;
import java.util.UUID;

/** What a {@link ReplicatedLog} wants done. The shell does it in the order given. */
public sealed interface Effect {
    /**
     * Does it.
     *
     * @param port the shell
     */
    void to(Port port);

    /**
     * A message for another node's Log.
     *
     * @param node the node's name
     * @param message the message
     */
    record Send(String node, LogRpc message) implements Effect {
        @Override
        public void to(Port port) {
            port.send(this);
        }
    }

    /**
     * A message for a node's Gateway.
     *
     * @param node the node's name
     * @param message the message
     */
    record Answer(String node, ClientRpc message) implements Effect {
        @Override
        public void to(Port port) {
            port.answer(this);
        }
    }

    /**
     * A record for the Store, to be written after all that was handed over before.
     *
     * @param sequence this Log's count of writes
     * @param record the record
     */
    record Write(long sequence, StoreRecord record) implements Effect {
        /** {@return the record, which must be one of appended entries} */
        public EntriesAppended appended() {
            return (EntriesAppended) record;
        }

        @Override
        public void to(Port port) {
            port.write(this);
        }
    }

    /**
     * Nothing below this term is acknowledged from now on.
     *
     * @param term the fence
     * @param attempt which fence Election asked for
     * @param last the end of the log in memory, durable or not
     * @param members the members in force
     * @param mayStand whether this node may stand for election
     */
    record Fenced(long term, long attempt, EntryId last, Members members, boolean mayStand) implements Effect {
        @Override
        public void to(Port port) {
            port.fenced(this);
        }
    }

    /**
     * A message of a higher term has come.
     *
     * @param term that term
     */
    record TermSeen(long term) implements Effect {
        @Override
        public void to(Port port) {
            port.termSeen(this);
        }
    }

    /**
     * The leader of the fence's term has sent entries.
     *
     * @param term the fence's term
     * @param leader who leads it
     */
    record LeaderHeard(long term, String leader) implements Effect {
        @Override
        public void to(Port port) {
            port.leaderHeard(this);
        }
    }

    /**
     * Other members are in force (appended, or rolled back), or this node may no longer stand: its removal is
     * committed.
     *
     * @param members the members in force
     * @param index the index of the entry that set them, or of the base
     * @param mayStand whether this node may stand for election: it votes, or did by what is committed
     */
    record MembersChanged(Members members, long index, boolean mayStand) implements Effect {
        @Override
        public void to(Port port) {
            port.membersChanged(this);
        }
    }

    /**
     * A read waits for a round that starts from now on.
     *
     * @param asker the node of the Gateway that asked
     * @param life that Gateway's life
     * @param id that Gateway's number for the reads
     * @param index the commit index, which the asker must apply before it reads
     * @param term the term that this node leads
     */
    record ConfirmRead(String asker, UUID life, long id, long index, long term) implements Effect {
        @Override
        public void to(Port port) {
            port.confirmRead(this);
        }
    }

    /**
     * The Log is alive.
     *
     * @param last the end of the log
     * @param commit the commit index
     * @param durable the index up to which the log is on this node's disk
     * @param written the number of the last write that the Store has answered, whatever it was for
     */
    record LogPulse(EntryId last, long commit, long durable, long written) implements Effect {
        @Override
        public void to(Port port) {
            port.logPulse(this);
        }
    }

    /**
     * Leadership is being handed over: for the own Election.
     *
     * @param term the term that this node leads
     * @param step what Log has to say
     */
    record HandOver(long term, HandOverStep step) implements Effect {
        @Override
        public void to(Port port) {
            port.handOver(this);
        }
    }

    /**
     * The next committed entries for the Machine: each index once, without a gap.
     *
     * @param entries at least one
     * @param answering whether this node leads, so that its Machine answers the askers
     */
    record Committed(List<Entry> entries, boolean answering) implements Effect {
        /** Copies the list. */
        public Committed {
            entries = List.copyOf(entries);
        }

        @Override
        public void to(Port port) {
            port.committed(this);
        }
    }

    /**
     * Pull this snapshot: the leader no longer has the entries that are needed here.
     *
     * @param snapshot where it is held
     */
    record Fetch(Held snapshot) implements Effect {
        @Override
        public void to(Port port) {
            port.fetch(this);
        }
    }

    /**
     * The state is this snapshot's from now on.
     *
     * @param index the last index that it includes
     * @param image what {@link ReplicatedLog#install} was given
     */
    record Restore(long index, Object image) implements Effect {
        @Override
        public void to(Port port) {
            port.restore(this);
        }
    }

    /**
     * The log rests on the snapshot at this index, durably: older ones are needed no more [B5].
     *
     * @param index the last index that the snapshot includes
     */
    record Covered(long index) implements Effect {
        @Override
        public void to(Port port) {
            port.covered(this);
        }
    }

    /**
     * A snapshot was to be installed, and was not.
     *
     * @param index the last index that it includes
     */
    record Unneeded(long index) implements Effect {
        @Override
        public void to(Port port) {
            port.unneeded(this);
        }
    }

    /**
     * This leader was removed from the group, and the entry that says so is committed [C1].
     *
     * @param term the term that it leads
     */
    record SteppedDown(long term) implements Effect {
        @Override
        public void to(Port port) {
            port.steppedDown(this);
        }
    }

    /**
     * Who is this node in this life of its disk? Its answer is told by {@link MembersDesk#met}.
     *
     * @param node the name of a node that is to belong to the group
     */
    record Identify(String node) implements Effect {
        @Override
        public void to(Port port) {
            port.identify(this);
        }
    }

    /**
     * This node belongs to the group from now on, as a learner first. Said until it answers an append.
     *
     * @param peer the node in this life of its disk
     */
    record Invite(Peer peer) implements Effect {
        @Override
        public void to(Port port) {
            port.invite(this);
        }
    }

    /** The log is full: a snapshot would make room. */
    record TakeSnapshot() implements Effect {
        @Override
        public void to(Port port) {
            port.takeSnapshot();
        }
    }

    /** The first proposal waits: send the batch once the mailbox has been drained. */
    record FlushSoon() implements Effect {
        @Override
        public void to(Port port) {
            port.flushSoon();
        }
    }

    /**
     * Something that an operator can act on.
     *
     * @param what a full sentence
     */
    record Warn(String what) implements Effect {
        @Override
        public void to(Port port) {
            port.warn(this);
        }
    }
}
