package io.murmuration.actor;

/** What is said to a GroupActor from outside its file; its private messages are nested in it. */
interface GroupMessage {}
