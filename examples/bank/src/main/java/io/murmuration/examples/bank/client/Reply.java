package io.murmuration.examples.bank.client;

import com.fasterxml.jackson.databind.JsonNode;

/** What became of a call. */
public sealed interface Reply {
    /**
     * The bank answered, and would answer the same again.
     *
     * @param status the HTTP status
     * @param body the JSON
     */
    record Answered(int status, JsonNode body) implements Reply {
        /**
         * Whether it was carried out.
         *
         * @return true for 200 and 201
         */
        public boolean carriedOut() {
            return status == 200 || status == 201;
        }

        /**
         * What kind of problem it was.
         *
         * @return the code, or the status if there is none
         */
        public String code() {
            return body.path("code").asText(Integer.toString(status));
        }

        /**
         * Where in the log it was decided.
         *
         * @return the index, or 0 if there is none
         */
        public long index() {
            return body.path("index").asLong(0);
        }
    }

    /**
     * Surely without effect, on each try.
     *
     * @param why what was said last
     */
    record NotApplied(String why) implements Reply {}

    /**
     * It may have taken effect.
     *
     * @param why what was said last
     */
    record Unknown(String why) implements Reply {}
}
