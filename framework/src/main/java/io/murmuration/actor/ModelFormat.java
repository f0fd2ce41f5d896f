package io.murmuration.actor;

import io.murmuration.core.model.Ballot;
import io.murmuration.core.model.Encoded;
import io.murmuration.core.model.EncodedState;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.OrderId;
import io.murmuration.core.model.Peer;

/**
 * The binary form of the vocabulary that messages and stored records share. A change here raises the version of all
 * users.
 */
final class ModelFormat {
    private ModelFormat() {}

    static void write(Out out, EntryId id) {
        out.number(id.index());
        out.number(id.term());
    }

    static EntryId entryId(In in) {
        return new EntryId(in.number(), in.number());
    }

    static void write(Out out, Peer peer) {
        out.text(peer.node());
        out.uuid(peer.incarnation());
    }

    static Peer peer(In in) {
        return new Peer(in.text(), in.uuid());
    }

    /** Who belongs to a group, without the orders that they have settled. */
    static void write(Out out, Members members) {
        out.list(members.voters(), ModelFormat::write);
        out.list(members.outgoing(), ModelFormat::write);
        out.list(members.learners(), ModelFormat::write);
    }

    static Members members(In in) {
        return new Members(in.list(ModelFormat::peer), in.list(ModelFormat::peer), in.list(ModelFormat::peer));
    }

    /** With the orders that they have settled: in logs and snapshots. */
    static void writeAll(Out out, Members members) {
        write(out, members);
        out.list(members.orders(), ModelFormat::write);
    }

    static Members allOfMembers(In in) {
        return new Members(
                in.list(ModelFormat::peer),
                in.list(ModelFormat::peer),
                in.list(ModelFormat::peer),
                in.list(ModelFormat::orderId));
    }

    private static void write(Out out, OrderId order) {
        out.uuid(order.life());
        out.number(order.number());
    }

    private static OrderId orderId(In in) {
        return new OrderId(in.uuid(), in.number());
    }

    static void write(Out out, Ballot ballot) {
        out.number(ballot.term());
        out.optional(ballot.votedFor(), ModelFormat::write);
    }

    static Ballot ballot(In in) {
        return new Ballot(in.number(), in.optional(ModelFormat::peer));
    }

    static void write(Out out, Encoded encoded) {
        out.signed(encoded.serializer());
        out.repeated(encoded.manifest());
        out.bytes(encoded.bytes());
    }

    static Encoded encoded(In in) {
        return new Encoded(serializer(in), in.repeated(), in.bytes());
    }

    /** In the form of {@link Encoded}. */
    static void write(Out out, EncodedState state) {
        out.signed(state.serializer());
        out.repeated(state.manifest());
        out.blocks(state.bytes());
    }

    static EncodedState encodedState(In in) {
        return new EncodedState(serializer(in), in.repeated(), in.blocks());
    }

    private static int serializer(In in) {
        long serializer = in.signed();
        if (serializer != (int) serializer) {
            throw new MalformedException("The serializer id " + serializer + " is out of range.");
        }
        return (int) serializer;
    }
}
