package io.murmuration.core.apply;

import io.murmuration.core.model.Codec;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Snapshot;
import java.util.Objects;
import java.util.UUID;

/**
 * All that a {@link Machine} is between two entries, decoded (§7, thesis 5.1). A value: taking it costs a copy of the
 * table of sessions and a reference to the state, so that folding goes on while it is encoded elsewhere.
 *
 * @param last the last entry that is included
 * @param members the members in force there [C2]
 * @param time the time that the log tells there
 * @param shape under which {@code chain} was made ({@link Codec#replyShape}); 0 if under none or under several
 * @param chain what the outcomes up to there hash to, since the epoch of that index began
 * @param sessions who asked what, and what was answered
 * @param state the user's state, immutable
 * @param <S> the type of the state
 */
public record Image<S>(
        EntryId last, Members members, LogTime time, long shape, long chain, Sessions.Table sessions, S state) {
    /** Checks that nothing is missing. */
    public Image {
        Objects.requireNonNull(last);
        Objects.requireNonNull(state);
    }

    /**
     * The form in which it is stored and sent. May take long; on any thread.
     *
     * @param group the group's id
     * @param codec encodes the state
     * @param bytesMax the most bytes that the state may have
     * @return the snapshot
     * @throws Codec.CodecException if no serializer takes the state, or it has more bytes
     */
    public Snapshot encoded(UUID group, Codec codec, long bytesMax) {
        return new Snapshot(
                group,
                last,
                members,
                time.millis(),
                time.elapsedMillis(),
                shape,
                chain,
                sessions.open(),
                sessions.gone(),
                codec.encodeState(state, bytesMax));
    }

    /**
     * The other way. May take long; on any thread. Whether the snapshot belongs to the group is the caller's business.
     *
     * @param snapshot what was stored or sent
     * @param codec decodes the state
     * @return an image equal to the one that was encoded
     * @throws Codec.CodecException if the class of the state is unknown here, or the bytes do not fit
     */
    public static Image<?> of(Snapshot snapshot, Codec codec) {
        return new Image<>(
                snapshot.last(),
                snapshot.members(),
                new LogTime(snapshot.timeMillis(), snapshot.elapsedMillis()),
                snapshot.shape(),
                snapshot.chain(),
                new Sessions.Table(snapshot.sessions(), snapshot.gone()),
                codec.decodeState(snapshot.state()));
    }
}
