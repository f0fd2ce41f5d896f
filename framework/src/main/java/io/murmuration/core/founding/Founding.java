package io.murmuration.core.founding;

import io.murmuration.core.model.FoundingRpc;
import io.murmuration.core.model.FoundingRpc.AreYouEmpty;
import io.murmuration.core.model.FoundingRpc.Empty;
import io.murmuration.core.model.FoundingRpc.Found;
import io.murmuration.core.model.FoundingRpc.Invited;
import io.murmuration.core.model.FoundingRpc.Knows;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Peer;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.StoreRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How one node comes to belong to a group (mutable). A group is founded once: the first-named founder waits until every
 * founder has said, with a durable incarnation, that it is empty, then names them all in one record. A node that finds
 * itself named under another incarnation has lost its disk and never takes part under the old one [A5].
 */
public final class Founding {
    /** What the shell must do, in order. */
    public sealed interface Effect {
        /**
         * Performs it.
         *
         * @param port who can
         */
        void to(Port port);
    }

    /** Who performs the effects. */
    public interface Port {
        /**
         * Makes a record durable, then says {@link Founding#written}.
         *
         * @param record the record
         */
        void persist(StoreRecord record);

        /**
         * Sends a message to another node's founding.
         *
         * @param node the node
         * @param rpc the message
         */
        void send(String node, FoundingRpc rpc);

        /**
         * The group is there, and this node belongs to it: the replica may start.
         *
         * @param group the group's id
         * @param self this node with its incarnation
         * @param members the members at the log's base
         */
        void join(UUID group, Peer self, Members members);
    }

    /**
     * Makes a record durable.
     *
     * @param record the record
     */
    public record Persist(StoreRecord record) implements Effect {
        @Override
        public void to(Port port) {
            port.persist(record);
        }
    }

    /**
     * Sends a message.
     *
     * @param node to whom
     * @param rpc what
     */
    public record Send(String node, FoundingRpc rpc) implements Effect {
        @Override
        public void to(Port port) {
            port.send(node, rpc);
        }
    }

    /**
     * Starts the replica.
     *
     * @param group the group's id
     * @param self this node
     * @param members the members at the log's base
     */
    public record Join(UUID group, Peer self, Members members) implements Effect {
        @Override
        public void to(Port port) {
            port.join(group, self, members);
        }
    }

    private final String node;
    private final List<String> others;
    private final boolean founds;
    private final Peer self;
    private final UUID drawn;
    private final boolean prepared;

    /**
     * While a record is being written this node says nothing of itself: it is empty only once {@code Prepared} is
     * durable.
     */
    private @Nullable StoreRecord inFlight;

    private @Nullable UUID group;
    /** In force, as far as this node knows. */
    private Members members = Members.NONE;
    /** At index 0: nothing else may ever be written as what the group was founded with. */
    private Members founded = Members.NONE;

    private final Map<String, UUID> empty = new TreeMap<>();
    private @Nullable UUID elsewhere;
    private @Nullable String obstacle;
    private final Contacts contacts = new Contacts();

    /**
     * A node that has read its store.
     *
     * @param node its name
     * @param founders who founds, by name, the first of them draws the group's id
     * @param mayFound false if the group must exist already ({@code murmuration.found = never})
     * @param incarnation the incarnation in the store, or null if the store is empty
     * @param fresh a random id: the incarnation if the store has none
     * @param drawn a random id: the group's, if this node founds it
     */
    public Founding(
            String node, List<String> founders, boolean mayFound, @Nullable UUID incarnation, UUID fresh, UUID drawn) {
        this.node = node;
        this.others = founders.stream().filter(founder -> !founder.equals(node)).toList();
        this.founds = mayFound && founders.get(0).equals(node);
        this.prepared = incarnation != null;
        this.self = new Peer(node, incarnation != null ? incarnation : fresh);
        this.drawn = drawn;
    }

    /**
     * This node in this life of its disk.
     *
     * @return its name with its incarnation, which may not be durable yet
     */
    public Peer self() {
        return self;
    }

    /**
     * Begins.
     *
     * @param recovered what the store says of the group
     * @return what to do
     */
    public List<Effect> start(Recovered recovered) {
        UUID known = recovered.group();
        if (known != null) {
            members = recovered.members();
            founded = recovered.founded();
            return joined(known, recovered.baseMembers());
        }
        return prepared ? ask() : persist(new StoreRecord.Prepared(self.incarnation()));
    }

    /**
     * The record that was persisted is durable.
     *
     * @return what to do
     */
    public List<Effect> written() {
        StoreRecord record = inFlight;
        inFlight = null;
        if (record instanceof StoreRecord.Prepared) {
            return ask();
        }
        if (record instanceof StoreRecord.Founded written) {
            members = written.members();
            founded = written.members();
            List<Effect> effects = new ArrayList<>(joined(written.group(), written.members()));
            others.stream()
                    .filter(other -> written.members().named(other).isPresent())
                    .forEach(other -> effects.add(new Send(other, new Found(written.group(), written.members()))));
            return effects;
        }
        return List.of();
    }

    /** These nodes are known: none of them may know the group when it is founded. Told before {@link #start} too. */
    public void contacts(Collection<String> known) {
        contacts.are(known, node, others);
    }

    /** Time to ask again: said by the shell each half election time-out until the node has joined. */
    public List<Effect> tick() {
        return group != null || inFlight != null ? List.of() : ask();
    }

    /**
     * Another node says something.
     *
     * @param from its name
     * @param rpc what it says
     * @return what to do
     */
    public List<Effect> on(String from, FoundingRpc rpc) {
        if (rpc instanceof AreYouEmpty) {
            return answer(from);
        }
        if (rpc instanceof Empty reply) {
            return heardEmpty(from, reply.incarnation());
        }
        if (rpc instanceof Knows known) {
            return heardOf(known.group(), known.members(), known.founded());
        }
        if (rpc instanceof Invited invited) {
            Members named = new Members(List.of(), List.of(), List.of(invited.you()));
            // One that was meant for another life of this disk says nothing that this node could use.
            return invited.you().equals(self) ? heardOf(invited.group(), named, invited.founded()) : List.of();
        }
        Found found = (Found) rpc;
        // An older Found that comes late names an incarnation that this node may still have: as good as a new one.
        List<Effect> effects = new ArrayList<>(heardOf(found.group(), found.members(), found.members()));
        effects.addAll(answer(from));
        return effects;
    }

    /**
     * Why this node does not belong to the group yet, or what is wrong although it does.
     *
     * @return a sentence, or nothing if all is well
     */
    public Optional<String> obstacle() {
        if (obstacle != null) {
            return Optional.of(obstacle);
        }
        if (group != null) {
            return Optional.empty();
        }
        if (!founds) {
            return Optional.of(Sentences.notFounded(node, others));
        }
        List<String> missing =
                others.stream().filter(other -> !empty.containsKey(other)).toList();
        return Optional.of(Sentences.founding(missing));
    }

    /**
     * Whether only an operator can remove the obstacle: time and other nodes will not.
     *
     * @return false too if there is no obstacle
     */
    public boolean needsOperator() {
        return obstacle != null;
    }

    /**
     * The group that others of this name belong to, while this node has no part in it: its clients can be served
     * through them.
     *
     * @return its id, or nothing if this node has joined, or has heard of no group
     */
    public Optional<UUID> elsewhere() {
        return group == null ? Optional.ofNullable(elsewhere) : Optional.empty();
    }

    /**
     * Whether another node speaks with an incarnation that this node's group does not know under that name. What it
     * says is answered all the same; it votes nowhere.
     *
     * @param from who speaks
     * @return a sentence for the operator, or nothing if all is well
     */
    public Optional<String> stranger(Peer from) {
        return members.named(from.node())
                .filter(known -> !known.equals(from))
                .map(known -> Sentences.stranger(known, from));
    }

    /**
     * Other members are in force in this node's Log.
     *
     * @param inForce the members
     */
    public void membersAre(Members inForce) {
        members = inForce;
    }

    /**
     * This node's Log, which leads, wants to know who a node is.
     *
     * @param other the node
     * @return what to do; its answer is told by {@link #met}
     */
    public List<Effect> identify(String other) {
        return List.of(new Send(other, new AreYouEmpty()));
    }

    /**
     * This node's Log, which leads, has taken a node in.
     *
     * @param peer the node in this life of its disk
     * @return what to do
     */
    public List<Effect> invite(Peer peer) {
        return group == null ? List.of() : List.of(new Send(peer.node(), new Invited(group, founded, peer)));
    }

    /** Who a node is by what it says, in this life of its disk, which is durable; nothing if it has another group. */
    public Optional<Peer> met(Peer from, FoundingRpc rpc) {
        if (rpc instanceof Empty empty) {
            return Optional.of(new Peer(from.node(), empty.incarnation()));
        }
        boolean ours = rpc instanceof AreYouEmpty
                || (rpc instanceof Knows known && known.group().equals(group));
        return ours ? Optional.of(from) : Optional.empty();
    }

    private List<Effect> persist(StoreRecord record) {
        inFlight = record;
        return List.of(new Persist(record));
    }

    private List<Effect> joined(UUID id, Members known) {
        group = id;
        obstacle = null;
        return List.of(new Join(id, self, known));
    }

    private List<Effect> ask() {
        if (complete()) {
            return found();
        }
        return Stream.concat(others.stream(), contacts.ask().stream())
                .map(other -> (Effect) new Send(other, new AreYouEmpty()))
                .toList();
    }

    private boolean complete() {
        return founds && obstacle == null && empty.keySet().containsAll(others) && contacts.asked();
    }

    private List<Effect> answer(String to) {
        if (group != null) {
            return List.of(new Send(to, new Knows(group, members, founded)));
        }
        return inFlight == null ? List.of(new Send(to, new Empty(self.incarnation()))) : List.of();
    }

    private List<Effect> heardEmpty(String from, UUID incarnation) {
        Peer asked = new Peer(from, incarnation);
        if (group != null) {
            // Still empty although it belongs to the group: what told it so was lost. Others wait to be added.
            return members.contains(asked) ? List.of(new Send(from, welcome(group, asked))) : List.of();
        }
        if (!others.contains(from)) {
            return List.of();
        }
        empty.put(from, incarnation);
        return inFlight == null && complete() ? found() : List.of();
    }

    private FoundingRpc welcome(UUID id, Peer asked) {
        return founded.contains(asked) ? new Found(id, founded) : new Invited(id, founded, asked);
    }

    private List<Effect> found() {
        List<Peer> founders = new ArrayList<>();
        founders.add(self);
        others.forEach(other -> founders.add(new Peer(other, Objects.requireNonNull(empty.get(other)))));
        return persist(new StoreRecord.Founded(drawn, Members.voting(founders)));
    }

    /** Somebody knows the group: join it if it names this very incarnation, and never found another one. */
    private List<Effect> heardOf(UUID known, Members named, Members atZero) {
        if (group != null || inFlight != null) {
            if (group != null && !group.equals(known)) {
                obstacle = Sentences.anotherGroup(node, group, known);
            }
            return List.of();
        }
        if (named.contains(self)) {
            // A log that begins without members would differ from all others in what follows from them.
            return atZero.equals(Members.NONE) ? List.of() : persist(new StoreRecord.Founded(known, atZero));
        }
        elsewhere = elsewhere == null ? known : elsewhere;
        obstacle = named.named(node).map(old -> Sentences.lostDisk(old, self)).orElse(Sentences.notAdded(node));
        return List.of();
    }
}
