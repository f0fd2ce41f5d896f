package io.murmuration.actor;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;

/**
 * A stream that asks for more when more is wanted, and for no more before: its back-pressure is that it does not ask.
 * It holds one answer at most.
 *
 * @param <T> what it delivers
 */
final class WatchStage<T> extends GraphStage<SourceShape<T>> {
    /** Where one run of the stream has its answers from. All but {@link Subscriber#closed} on the stream's thread. */
    interface Line extends Subscriber {
        /** Asks for what comes next. Answered by {@link Hearing#deliver} or {@link Hearing#fail}. */
        void ask();

        /** Whether to ask when the stream starts, and not only when it wants something. */
        boolean asksAtOnce();
    }

    /**
     * The other end of a line.
     *
     * @param <T> what is delivered
     */
    interface Hearing<T> {
        /** Runs something on the stream's thread, unless the stream has ended. From any thread. */
        void run(Runnable heard);

        /** The answer to the last question. An empty one only asks to be asked again. */
        void deliver(List<T> answer);

        /** Ends the stream. */
        void fail(Throwable why);
    }

    private final Watching<?> watching;
    private final Function<Hearing<T>, Line> lines;
    private final Outlet<T> out = Outlet.create("watch.out");
    private final SourceShape<T> shape = SourceShape.of(out);

    /**
     * A stream that is not run yet.
     *
     * @param watching whom each run joins
     * @param lines makes the line of one run
     */
    WatchStage(Watching<?> watching, Function<Hearing<T>, Line> lines) {
        this.watching = watching;
        this.lines = lines;
    }

    @Override
    public SourceShape<T> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inherited) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic implements Hearing<T> {
        private final Queue<T> here = new ArrayDeque<>();
        private final AsyncCallback<Runnable> heard = createAsyncCallback(Runnable::run);
        private @Nullable Line line;
        private boolean asking;

        Logic() {
            super(shape);
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    more();
                }
            });
        }

        @Override
        public void preStart() {
            Line opened = lines.apply(this);
            line = opened;
            watching.join(opened);
            if (opened.asksAtOnce()) {
                ask();
            }
        }

        @Override
        public void postStop() {
            if (line != null) {
                watching.leave(line);
            }
        }

        private void more() {
            T next = here.poll();
            if (next != null) {
                push(out, next);
            } else {
                ask();
            }
        }

        private void ask() {
            if (!asking && line != null) {
                asking = true;
                line.ask();
            }
        }

        @Override
        public void run(Runnable what) {
            heard.invoke(what);
        }

        @Override
        public void deliver(List<T> answer) {
            asking = false;
            here.addAll(answer);
            if (isAvailable(out)) {
                more();
            }
        }

        @Override
        public void fail(Throwable why) {
            failStage(why);
        }
    }
}
