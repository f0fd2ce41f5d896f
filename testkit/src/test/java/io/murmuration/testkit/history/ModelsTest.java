package io.murmuration.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/** What the random histories of {@link CheckersAgreeTest} do not reach: overflow, names, and malformed operations. */
class ModelsTest {
    private static final BankModel BANK = BankModel.whole();
    private static final PSortedMap<String, Long> RICH =
            TreePMap.<String, Long>empty().plus("a", 10L).plus("b", Long.MAX_VALUE);

    private static Operation ask(String op, Object input, @Nullable Object output) {
        return Operation.ok("c", op, "", input, output, 0, 1, 0);
    }

    private static Map<String, Object> rejected(String code) {
        return Map.of("rejected", code);
    }

    @Test
    void bankRefusesWhatOverflows() {
        Map<String, Object> deposit = Map.of("account", "b", "amount", 1);
        Map<String, Object> transfer = Map.of("from", "a", "to", "b", "amount", 1);

        assertThat(BANK.step(RICH, ask("deposit", deposit, rejected("balance-overflow"))))
                .contains(RICH);
        assertThat(BANK.step(RICH, ask("transfer", transfer, rejected("balance-overflow"))))
                .contains(RICH);
        assertThat(BANK.step(RICH, ask("deposit", deposit, Map.of("balance", Long.MIN_VALUE))))
                .isEmpty();
    }

    @Test
    void bankWantsTheRefusalThatTheStateGives() {
        Map<String, Object> tooMuch = Map.of("account", "a", "amount", 11);
        Map<String, Object> nowhere = Map.of("from", "a", "to", "z", "amount", 11);

        assertThat(BANK.step(RICH, ask("withdraw", tooMuch, rejected("insufficient-funds"))))
                .contains(RICH);
        assertThat(BANK.step(RICH, ask("withdraw", tooMuch, rejected("no-such-account"))))
                .isEmpty();
        assertThat(BANK.step(RICH, ask("transfer", nowhere, rejected("no-such-account"))))
                .contains(RICH);
        assertThat(BANK.step(RICH, ask("withdraw", Map.of("account", "a", "amount", 1), rejected("no-such-account"))))
                .isEmpty();
    }

    @Test
    void bankComparesBothBalancesOfATransfer() {
        PSortedMap<String, Long> accounts =
                TreePMap.<String, Long>empty().plus("a", 10L).plus("b", 1L);
        Map<String, Object> transfer = Map.of("from", "a", "to", "b", "amount", 4);

        assertThat(BANK.step(accounts, ask("transfer", transfer, balances(6, 5))))
                .contains(accounts.plus("a", 6L).plus("b", 5L));
        assertThat(BANK.step(accounts, ask("transfer", transfer, balances(7, 5))))
                .isEmpty();
        assertThat(BANK.step(accounts, ask("transfer", transfer, balances(6, 4))))
                .isEmpty();
    }

    private static Map<String, Object> balances(long from, long to) {
        return Map.of("from", Map.of("account", "a", "balance", from), "to", Map.of("account", "b", "balance", to));
    }

    @Test
    void bankTellsWhetherAnAccountWasCreated() {
        Map<String, Object> open = Map.of("account", "a");
        Map<String, Object> created = Map.of("balance", 0, "created", true);

        assertThat(BANK.step(BANK.initial(), ask("open", open, created))).contains(TreePMap.singleton("a", 0L));
        assertThat(BANK.step(TreePMap.singleton("a", 0L), ask("open", open, created)))
                .isEmpty();
        assertThat(BANK.step(RICH, ask("open", open, Map.of("balance", 10)))).contains(RICH);
    }

    @Test
    void bankJudgesAccountsTogetherThatTransfersConnect() {
        Operation ab = ask("transfer", Map.of("from", "b", "to", "a", "amount", 1), null);
        Operation cd = ask("transfer", Map.of("from", "c", "to", "d", "amount", 1), null);
        Operation bc = Operation.unknown("c", "transfer", "", Map.of("from", "b", "to", "c", "amount", 1), 0);
        Operation read = ask("read", Map.of("account", "d"), null);
        Operation alone = ask("read", Map.of("account", "e"), null);

        BankModel two = BankModel.connected(History.of(ab, cd));
        BankModel one = BankModel.connected(History.of(ab, cd, bc));

        assertThat(two.key(ab)).isEqualTo("a").isNotEqualTo(two.key(cd));
        assertThat(two.key(read)).isEqualTo(two.key(cd));
        assertThat(one.key(read)).isEqualTo(one.key(ab)).isEqualTo("a");
        assertThat(one.key(alone)).isEqualTo("e");
    }

    @Test
    void counterTakesAnyAnswerOfAnUnknownOperationOnly() {
        CounterModel counter = new CounterModel();

        assertThat(counter.step(5L, Operation.unknown("c", "add", "n", 2, 0))).isEqualTo(Optional.of(7L));
        assertThat(counter.step(5L, ask("add", 2, null))).isEmpty();
        assertThat(counter.step(Long.MAX_VALUE, ask("add", 1, Long.MIN_VALUE))).contains(Long.MIN_VALUE);
    }

    @Test
    void modelsSayWhichOperationTheyDoNotKnow() {
        assertThatThrownBy(() -> BANK.step(RICH, ask("audit", Map.of("account", "a"), null)))
                .hasMessage(
                        "The model of the bank has no \"audit\"; it knows open, deposit, withdraw, transfer and read. "
                                + "The operation is c: audit {\"account\":\"a\"} -> ok [0..1 ns].");
        assertThatThrownBy(() -> new RegisterModel().step(Operation.json(null), ask("swap", 1, null)))
                .hasMessageContaining("it knows read, write and cas");
        assertThatThrownBy(() -> new CounterModel().step(0L, ask("add", "one", 1)))
                .hasMessageContaining("The input of this operation must be a whole number");
        assertThatThrownBy(() -> BANK.step(RICH, ask("deposit", Map.of("amount", 1), null)))
                .hasMessageContaining("must have a text \"account\"");
    }
}
