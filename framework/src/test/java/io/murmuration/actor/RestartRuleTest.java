package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.apply.Diverged;
import io.murmuration.core.apply.FoldFailed;
import io.murmuration.core.model.InvariantViolation;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.StreamCorruptedException;
import java.lang.reflect.Constructor;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class RestartRuleTest {
    @Test
    void aBrokenSafetyRuleStaysDown() {
        assertThat(RestartRule.staysDown(new InvariantViolation("entries are missing")))
                .contains("contradicts itself", "until this process is started again");
    }

    @Test
    void aStateThatDivergedStaysDown() throws ReflectiveOperationException {
        Constructor<Diverged> diverged = Diverged.class.getDeclaredConstructor(String.class, long.class, String.class);
        diverged.setAccessible(true); // made by the core alone

        assertThat(RestartRule.staysDown(diverged.newInstance("bank", 4_096L, "It has folded otherwise.")))
                .contains("until this process is started again");
    }

    @Test
    void aFoldThatFailedIsTriedAgainWhateverItThrew() throws ReflectiveOperationException {
        Constructor<FoldFailed> failed = FoldFailed.class.getDeclaredConstructor(
                String.class, long.class, String.class, String.class, Throwable.class);
        failed.setAccessible(true); // made by the core alone
        Throwable thrown = new NotSerializableException("in the user's own fold");

        assertThat(RestartRule.staysDown(failed.newInstance("bank", 7L, "Add", "could not be folded", thrown)))
                .isNull();
    }

    @Test
    void whatIsStoredAndNotUnderstoodStaysDownHoweverItIsWrapped() {
        Throwable damage =
                new IllegalStateException("The journal is damaged.", new StreamCorruptedException("checksum"));
        Throwable unknownRecord = new NotSerializableException("No record of manifest x9.");

        assertThat(RestartRule.staysDown(new CompletionException(new IllegalStateException("reading", damage))))
                .contains("cannot be understood", "does not heal");
        assertThat(RestartRule.staysDown(unknownRecord)).contains("cannot be understood");
    }

    @Test
    void aDiskOrADatabaseThatMayComeBackIsTriedAgain() {
        assertThat(RestartRule.staysDown(new IOException("no space left on device")))
                .isNull();
        assertThat(RestartRule.staysDown(new TimeoutException("the journal did not answer")))
                .isNull();
        assertThat(RestartRule.staysDown(new IllegalStateException("unexpected")))
                .isNull();
        assertThat(RestartRule.staysDown(null)).isNull();
    }

    @Test
    void endsOnACircleOfCauses() {
        IllegalStateException one = new IllegalStateException("one");
        IllegalStateException two = new IllegalStateException("two", one);
        one.initCause(two);

        assertThat(RestartRule.staysDown(one)).isNull();
    }
}
