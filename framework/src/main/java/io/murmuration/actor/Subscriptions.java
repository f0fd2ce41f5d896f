package io.murmuration.actor;

import io.murmuration.GroupChange;
import io.murmuration.MembersView;
import io.murmuration.core.apply.Question;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * A Gateway's part of watching; mutable. It outlives the replica: a question that a Machine took with it is asked again
 * of the next one, so that a stream goes on where it was. It may be answered twice then; a stream ignores the number of
 * a question that it has an answer to.
 *
 * <p>Bounds: one question for each stream.
 */
final class Subscriptions {
    private final Set<Subscriber> joined = new LinkedHashSet<>();
    private final Map<Subscriber, Question> questions = new LinkedHashMap<>();
    private final Map<GroupSubscriber, Long> groupQuestions = new LinkedHashMap<>();
    private @Nullable ActorRef<MachineMessage> machine;
    private @Nullable String closed;

    private long term;
    private @Nullable String leader;
    private @Nullable MembersView members;
    private @Nullable GroupChange current;
    private long version;

    Behavior<GatewayMessage> on(WatchMessage message) {
        if (message instanceof WatchMessage.Join join) {
            join(join.subscriber());
        } else if (message instanceof WatchMessage.Leave leave) {
            leave(leave.subscriber());
        } else if (message instanceof WatchMessage.Ask ask && joined.contains(ask.subscriber())) {
            questions.put(ask.subscriber(), ask.question());
            pass(ask.question());
        } else if (message instanceof WatchMessage.AskGroup ask && joined.contains(ask.subscriber())) {
            groupQuestions.put(ask.subscriber(), ask.seen());
            tellGroup();
        } else if (message instanceof WatchMessage.MembersAre news) {
            members = MembersView.of(news.members());
            groupMayHaveChanged();
        }
        return Behaviors.same();
    }

    private void join(Subscriber subscriber) {
        if (closed != null) {
            subscriber.closed(closed);
        } else {
            joined.add(subscriber);
        }
    }

    private void leave(Subscriber subscriber) {
        joined.remove(subscriber);
        Question asked = questions.remove(subscriber);
        if (subscriber instanceof GroupSubscriber known) {
            groupQuestions.remove(known);
        }
        if (asked != null && machine != null) {
            machine.tell(new MachineMessage.Unwatch(asked.watcher()));
        }
    }

    private void pass(Question question) {
        if (machine != null) {
            machine.tell(new MachineMessage.Watch(question));
        }
    }

    /** A Machine runs (again). */
    void up(ActorRef<MachineMessage> next) {
        machine = next;
        questions.values().forEach(this::pass);
    }

    /** No Machine runs: who asks waits for the next one. */
    void down() {
        machine = null;
        leader = null;
        groupMayHaveChanged();
    }

    void leaderIs(long inTerm, @Nullable String node) {
        term = inTerm;
        leader = node;
        groupMayHaveChanged();
    }

    /** For good. */
    void close(String why) {
        closed = why;
        joined.forEach(subscriber -> subscriber.closed(why));
        joined.clear();
        questions.clear();
        groupQuestions.clear();
    }

    private void groupMayHaveChanged() {
        if (members == null) {
            return;
        }
        GroupChange now = new GroupChange(term, leader, members);
        if (!now.equals(current)) {
            current = now;
            version++;
            tellGroup();
        }
    }

    private void tellGroup() {
        GroupChange change = current;
        if (change != null) {
            groupQuestions.entrySet().removeIf(asked -> {
                boolean news = asked.getValue() < version;
                if (news) {
                    asked.getKey().told(version, change);
                }
                return news;
            });
        }
    }
}
