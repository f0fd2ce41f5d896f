package io.murmuration.actor;

import io.murmuration.GroupChange;

/** Someone who watches who leads and who belongs to the group. Told from the Gateway's thread. */
interface GroupSubscriber extends Subscriber {
    /**
     * Answers its question.
     *
     * @param version rises with each change
     * @param change what the Gateway knows
     */
    void told(long version, GroupChange change);
}
