package io.kindred.consensus;

/** What an acceptor accepted last: the value, and the ballot at which it did. */
public record Acceptance<V>(Ballot ballot, V value) {}
