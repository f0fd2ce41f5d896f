package io.murmuration.persistence;

import java.io.IOException;
import java.util.Locale;

/**
 * Decides what it means that no intact record begins at a position of the last segment.
 *
 * <p>A group is written only after the one before it was forced. So an intact record of a later group proves that what
 * is damaged was durable, and may have been acknowledged: that is damage. Without one, the damage lies in the last
 * group that was written, which the crash cut short: a torn tail.
 *
 * <p>Behind the end of the log lie zeros. In a file that was a segment before, these are as many as a record's header
 * has, and then its old records, whose checksums do not fit.
 */
final class TailRule {

    private TailRule() {}

    /**
     * Examines the end of the last segment.
     *
     * @param reader the segment
     * @param end where the last intact record ends
     * @param durableTo what is surely durable
     * @return whether there is a torn tail; if not, the log ends cleanly
     * @throws DamagedJournalException if what lies there may have been acknowledged
     */
    static boolean isTorn(SegmentReader reader, long end, long durableTo) throws IOException {
        if (end < durableTo) {
            throw new DamagedJournalException(
                    reader.path(),
                    end,
                    "no intact record begins here, although everything up to offset " + durableTo
                            + " was made durable when the file was created.");
        }
        boolean recycled = reader.header().recycled();
        long content = recycled ? reader.size() : reader.endOfContent(end);
        for (long at = end + RecordFrame.ALIGNMENT; at < content; at += RecordFrame.ALIGNMENT) {
            SegmentReader.Found found = reader.at(at);
            if (found != null && found.groupStart() > end) {
                throw new DamagedJournalException(
                        reader.path(),
                        end,
                        String.format(
                                Locale.ROOT,
                                "no intact record begins here, but one of a later write lies at offset %d, so what is"
                                        + " lost in between was durable and may have been acknowledged.",
                                at));
            }
        }
        return recycled ? !reader.isZeroAt(end) : content > end;
    }
}
