package io.murmuration.actor;

/** What is said to a GroupActor: by its Store, by other nodes ({@link Wire}), by its NodeActor and by itself. */
interface GroupMessage {
    /** Stop in order: answer what is open, settle the writes in flight, then end. */
    record Stop() implements GroupMessage {}

    /** Throw the state of this replica away and take another member's. */
    record Reseed() implements GroupMessage {}

    /** Time to ask the other founders again. */
    record AskAgain() implements GroupMessage {}

    /** The pause after a failure is over. */
    record StartAnew() implements GroupMessage {}

    /** Leadership was handed over, or need not or cannot be: go on with the stop. */
    record Relieved() implements GroupMessage {}

    /** The stop of the old replica takes too long. */
    record StillStopping() implements GroupMessage {}
}
