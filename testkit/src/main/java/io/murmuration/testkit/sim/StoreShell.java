package io.murmuration.testkit.sim;

/** Writes for one replica: what StoreActor is in production, above a {@link SimDisk} that stays. */
final class StoreShell {
    private final SimNode node;
    private final SimDisk disk;

    StoreShell(SimNode node, SimDisk disk) {
        this.node = node;
        this.disk = disk;
    }

    void write(Message.Write write) {
        if (disk.full() && node.random().nextBoolean()) {
            // What the embedded journal does: it trusts itself no more, and its process ends.
            throw new World.Crash();
        } else if (disk.full()) {
            node.stopReplica("The disk is full.");
        } else {
            disk.write(write, node.lifeOf(Actor.STORE));
            node.host().written(node, write.records().size());
        }
    }

    /** What was written before the sync that was under way is durable. */
    void synced() {
        int before = disk.durable();
        var done = disk.synced();
        node.world().witness().durable(node, disk.durable(before));
        if (node.world().deletes(node)) {
            disk.deleteNeedless();
        }
        for (SimDisk.Waiting write : done) {
            if (write.life() == node.lifeOf(Actor.STORE)) {
                node.post(Actor.STORE, write.owner(), new Message.Written(write.sequence()));
            }
        }
    }
}
