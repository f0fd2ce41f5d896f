package io.murmuration.core.apply;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.MachineRpc.OutcomeHash;
import io.murmuration.core.model.Members;

/** What a {@link Machine} wants done, in order. */
public sealed interface Effect {
    /**
     * Performs this effect.
     *
     * @param port who performs it
     */
    void to(Port port);

    /**
     * The Machine has started.
     *
     * @param index how far its state reaches
     */
    record Ready(long index) implements Effect {
        @Override
        public void to(Port port) {
            port.ready(index);
        }
    }

    /**
     * More may be sent.
     *
     * @param index the last applied index
     */
    record Progressed(long index) implements Effect {
        @Override
        public void to(Port port) {
            port.applied(index);
        }
    }

    /**
     * A Gateway is told.
     *
     * @param node the node on which it runs
     * @param message what it is told
     */
    record Answer(String node, ClientRpc message) implements Effect {
        @Override
        public void to(Port port) {
            port.answer(node, message);
        }
    }

    /**
     * A read is due.
     *
     * @param reader who reads
     * @param state the state
     * @param applied the index that it is at
     */
    record Serve(Reader reader, Object state, long applied) implements Effect {
        @Override
        public void to(Port port) {
            port.serve(reader, state, applied);
        }
    }

    /**
     * A watcher is told.
     *
     * @param watcher who
     * @param number the number of its question
     * @param told what
     */
    record Watched(Watcher watcher, long number, Told told) implements Effect {
        @Override
        public void to(Port port) {
            port.watched(watcher, number, told);
        }
    }

    /** Committed entries wait; let the mailbox be seen first. */
    record Continue() implements Effect {
        @Override
        public void to(Port port) {
            port.continueLater();
        }
    }

    /**
     * The Machine is alive.
     *
     * @param applied the last applied index
     */
    record Alive(long applied) implements Effect {
        @Override
        public void to(Port port) {
            port.pulse(applied);
        }
    }

    /**
     * A command took effect, but its reply is lost. Said by the node that answers only.
     *
     * @param index the index of the command
     * @param command its class
     * @param cause what the codec threw
     */
    record ReplyLost(long index, String command, Throwable cause) implements Effect {
        @Override
        public void to(Port port) {
            port.replyLost(index, command, cause);
        }
    }

    /**
     * A snapshot is to be made of this: encoded and stored elsewhere, while folding goes on. Answered by
     * {@link Machine#snapshotEnded}; until then there is no other.
     *
     * @param image all that the Machine is at its index; immutable
     */
    record Take(Image<?> image) implements Effect {
        @Override
        public void to(Port port) {
            port.take(image);
        }
    }

    /**
     * The Machines of all other members are told what this one's outcomes hash to (protocol, Machine 7).
     *
     * @param hash what they hash to, and where
     * @param members the members in force there
     */
    record Report(OutcomeHash hash, Members members) implements Effect {
        @Override
        public void to(Port port) {
            port.report(hash, members);
        }
    }

    /**
     * The operator is told.
     *
     * @param sentence what and what to do
     */
    record Warn(String sentence) implements Effect {
        @Override
        public void to(Port port) {
            port.warn(sentence);
        }
    }

    /**
     * This replica must not go on. The last effect of all.
     *
     * @param cause a {@link FoldFailed} or a {@link Diverged}
     */
    record Stop(RuntimeException cause) implements Effect {
        @Override
        public void to(Port port) {
            port.stop(cause);
        }
    }
}
