package io.murmuration.actor;

import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.NodeRpc.Awake;
import io.murmuration.core.model.NodeRpc.Beat;
import io.murmuration.core.model.NodeRpc.Beats;
import io.murmuration.core.model.NodeRpc.Left;
import io.murmuration.core.model.NodeRpc.LinkAt;
import io.murmuration.core.model.Rpc;
import java.util.List;

/** The binary forms of what nodes say to each other for all of their groups. */
final class NodeFormats {
    private NodeFormats() {}

    /**
     * Nodes.
     *
     * @return a form for each {@link io.murmuration.core.model.NodeRpc}
     */
    static List<Format<? extends Rpc>> node() {
        return List.of(
                Format.first(
                        "nb",
                        Beats.class,
                        (out, message) -> out.list(message.beats(), NodeFormats::write),
                        in -> new Beats(in.list(NodeFormats::beat))),
                Format.first("na", Awake.class, (out, awake) -> {}, in -> new Awake()),
                Format.first("nl", Left.class, (out, left) -> out.text(left.name()), in -> new Left(in.text())),
                Format.first(
                        "nk",
                        LinkAt.class,
                        (out, at) -> {
                            out.text(at.address());
                            out.number(at.port());
                        },
                        in -> new LinkAt(in.text(), Math.toIntExact(in.number()))));
    }

    /** Each message in it has its own manifest and version, as if it travelled alone. */
    private static void write(Out out, Beat beat) {
        Format<? extends Rpc> format = WireSerializer.FORMATS.of(beat.message());
        out.repeated(format.manifest());
        out.octet(format.version());
        out.text(beat.name());
        out.uuid(beat.group());
        out.uuid(beat.incarnation());
        format.write(out, beat.message());
    }

    private static Beat beat(In in) {
        Format<? extends Rpc> format = WireSerializer.FORMATS.read(in.repeated(), in);
        String name = in.text();
        return new Beat(name, in.uuid(), in.uuid(), message(format.reader().read(in)));
    }

    private static ElectionRpc message(Rpc read) {
        if (read instanceof ElectionRpc message) {
            return message;
        }
        throw new MalformedException("Only heartbeats travel together, not " + read + ".");
    }
}
