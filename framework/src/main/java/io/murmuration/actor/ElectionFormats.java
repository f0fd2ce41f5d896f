package io.murmuration.actor;

import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.ElectionRpc.CampaignNow;
import io.murmuration.core.model.ElectionRpc.Heartbeat;
import io.murmuration.core.model.ElectionRpc.HeartbeatReply;
import io.murmuration.core.model.ElectionRpc.PreVote;
import io.murmuration.core.model.ElectionRpc.PreVoteReply;
import io.murmuration.core.model.ElectionRpc.RequestVote;
import io.murmuration.core.model.ElectionRpc.VoteReply;
import io.murmuration.core.model.FoundingRpc;
import io.murmuration.core.model.FoundingRpc.AreYouEmpty;
import io.murmuration.core.model.FoundingRpc.Empty;
import io.murmuration.core.model.FoundingRpc.Found;
import io.murmuration.core.model.FoundingRpc.Invited;
import io.murmuration.core.model.FoundingRpc.Knows;
import io.murmuration.core.model.Rpc;
import java.util.List;

/** The binary forms of what Elections, and GroupActors while they found, say to each other. */
final class ElectionFormats {
    private ElectionFormats() {}

    /**
     * Elections.
     *
     * @return a form for each {@link ElectionRpc}
     */
    static List<Format<? extends Rpc>> election() {
        return List.of(
                Format.first("pv", PreVote.class, ElectionFormats::write, ElectionFormats::preVote),
                Format.first("pr", PreVoteReply.class, ElectionFormats::write, ElectionFormats::preVoteReply),
                Format.first("rv", RequestVote.class, ElectionFormats::write, ElectionFormats::requestVote),
                Format.first("vr", VoteReply.class, ElectionFormats::write, ElectionFormats::voteReply),
                new Format<>("hb", 2, Heartbeat.class, ElectionFormats::write, ElectionFormats::heartbeat),
                new Format<>("hr", 3, HeartbeatReply.class, ElectionFormats::write, ElectionFormats::heartbeatReply),
                new Format<>(
                        "cn",
                        2,
                        CampaignNow.class,
                        ElectionFormats::write,
                        in -> new CampaignNow(in.number(), in.number())));
    }

    /**
     * Founding.
     *
     * @return a form for each {@link FoundingRpc}
     */
    static List<Format<? extends Rpc>> founding() {
        return List.of(
                Format.first("fa", AreYouEmpty.class, (out, empty) -> {}, in -> new AreYouEmpty()),
                Format.first(
                        "fe", Empty.class, (out, empty) -> out.uuid(empty.incarnation()), in -> new Empty(in.uuid())),
                Format.first("fk", Knows.class, ElectionFormats::write, ElectionFormats::knows),
                Format.first("ff", Found.class, ElectionFormats::write, ElectionFormats::found),
                Format.first("fi", Invited.class, ElectionFormats::write, ElectionFormats::invited));
    }

    private static void write(Out out, PreVote message) {
        out.number(message.term());
        ModelFormat.write(out, message.last());
    }

    private static PreVote preVote(In in) {
        return new PreVote(in.number(), ModelFormat.entryId(in));
    }

    private static void write(Out out, PreVoteReply message) {
        out.number(message.term());
        out.number(message.proposed());
        out.flag(message.granted());
    }

    private static PreVoteReply preVoteReply(In in) {
        return new PreVoteReply(in.number(), in.number(), in.flag());
    }

    private static void write(Out out, RequestVote message) {
        out.number(message.term());
        ModelFormat.write(out, message.last());
        out.flag(message.transfer());
    }

    private static RequestVote requestVote(In in) {
        return new RequestVote(in.number(), ModelFormat.entryId(in), in.flag());
    }

    private static void write(Out out, VoteReply message) {
        out.number(message.term());
        out.flag(message.granted());
    }

    private static VoteReply voteReply(In in) {
        return new VoteReply(in.number(), in.flag());
    }

    private static void write(Out out, Heartbeat message) {
        out.number(message.term());
        out.number(message.round());
        out.flag(message.doze());
    }

    private static Heartbeat heartbeat(In in) {
        return new Heartbeat(in.number(), in.number(), in.flag());
    }

    private static void write(Out out, HeartbeatReply message) {
        out.number(message.term());
        out.number(message.round());
        ModelFormat.write(out, message.last());
        out.number(message.applied());
        out.flag(message.healthy());
        out.octet(message.priority());
        out.flag(message.dozes());
    }

    private static HeartbeatReply heartbeatReply(In in) {
        return new HeartbeatReply(
                in.number(), in.number(), ModelFormat.entryId(in), in.number(), in.flag(), in.octet(), in.flag());
    }

    private static void write(Out out, CampaignNow message) {
        out.number(message.term());
        out.number(message.round());
    }

    private static void write(Out out, Knows message) {
        out.uuid(message.group());
        ModelFormat.write(out, message.members());
        ModelFormat.write(out, message.founded());
    }

    private static Knows knows(In in) {
        return new Knows(in.uuid(), ModelFormat.members(in), ModelFormat.members(in));
    }

    private static void write(Out out, Invited message) {
        out.uuid(message.group());
        ModelFormat.write(out, message.founded());
        ModelFormat.write(out, message.you());
    }

    private static Invited invited(In in) {
        return new Invited(in.uuid(), ModelFormat.members(in), ModelFormat.peer(in));
    }

    private static void write(Out out, Found message) {
        out.uuid(message.group());
        ModelFormat.write(out, message.members());
    }

    private static Found found(In in) {
        return new Found(in.uuid(), ModelFormat.members(in));
    }
}
