package io.murmuration.actor;

import java.util.function.ObjIntConsumer;

/** What nodes say to each other beside Artery, for who counts it. */
public final class LinkTraffic {
    private LinkTraffic() {}

    /**
     * From now on what this process sends by links is told.
     *
     * @param observer told the path of the recipient below {@code /system/murmuration} and the bytes, on any thread
     */
    public static void tell(ObjIntConsumer<String> observer) {
        Link.observer = observer::accept;
    }
}
