package io.murmuration.testkit.sim;

import io.murmuration.core.apply.Image;
import io.murmuration.core.election.Role;
import io.murmuration.core.model.ElectionRpc;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.EntryId;
import io.murmuration.core.model.HandOverStep;
import io.murmuration.core.model.LogRpc;
import io.murmuration.core.model.Members;
import io.murmuration.core.model.Recovered;
import io.murmuration.core.model.StoreRecord;
import io.murmuration.machine.Applied;
import io.murmuration.machine.Command;
import io.murmuration.machine.Meta;
import java.util.List;

/** Sees all that happens, and throws {@link Violation} when an invariant does not hold. */
interface Witness {
    /** A node's Election says something. */
    default void says(SimNode node, String other, ElectionRpc message) {}

    /** A node's Log says something. */
    default void says(SimNode node, String other, LogRpc message) {}

    /** An actor of a node takes what came from another node for its own group's. */
    default void heard(SimNode node, Message.Wire wire) {}

    /** A node's Election changes its role. */
    default void became(SimNode node, Role role, long term) {}

    /** A leader's Election has a part in handing leadership over. */
    default void handsOver(SimNode node, HandOverStep step) {}

    /** A node's Election has won a term. */
    default void won(SimNode node, long term) {}

    /** A node's Log begins to lead, with a log that ended there. */
    default void leads(SimNode node, EntryId last) {}

    /** A node's Log hands a record to the Store. */
    default void writes(SimNode node, StoreRecord record) {}

    /** A node's Machine takes a snapshot. */
    default void taken(SimNode node, Image<?> image) {}

    /** A node's disk has made records durable. */
    default void durable(SimNode node, List<StoreRecord> records) {}

    /** These members are in force in a node's Log from now on. */
    default void inForce(SimNode node, Members members) {}

    /** A node has lost all that it had on disk. */
    default void wiped(SimNode node) {}

    /** A node's journal was read. */
    default void recovered(SimNode node, Recovered recovered) {}

    /** A node's Log knows these entries to be committed. */
    default void committed(SimNode node, List<Entry> entries) {}

    /** A node's Machine folds a command. */
    default void folded(SimNode node, Command<?> command, Meta meta, Object before, Applied<?, ?> result) {}

    /** A caller has its answer. */
    default void ended(SimCall call) {}

    /** A read is carried out. */
    default void read(SimNode node, SimCall call, Object state, long applied) {}

    /** A node's Election dozes and relies on these nodes; on none if it is awake. */
    default void dozes(SimNode node, List<String> nodes) {}

    /** A node's Election is told that another one is not there. */
    default void silent(SimNode node) {}

    /** A replica has ended. */
    default void ended(SimNode node) {}

    /** A step is over. */
    default void stepped(SimNode node) {}
}
