package io.murmuration.testkit.jvm;

import java.util.concurrent.CompletableFuture;

/** A child that answers each request with the request. */
final class EchoMain {
    private EchoMain() {}

    public static void main(String[] args) throws InterruptedException {
        String mode = args.length == 0 ? "" : args[0];
        System.out.println("a word on standard output");
        System.err.println("a word on standard error");
        if (mode.equals("fail")) {
            throw new IllegalStateException("this child fails on purpose");
        }
        JvmChild.serve(request -> request.equals("never")
                ? new CompletableFuture<>()
                : request.equals("refuse")
                        ? CompletableFuture.failedFuture(new IllegalStateException("refused"))
                        : CompletableFuture.completedFuture(request));
        if (!mode.equals("silent")) {
            JvmChild.ready(Long.toString(ProcessHandle.current().pid()));
        }
        Thread.currentThread().join();
    }
}
